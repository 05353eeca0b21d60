using System.CommandLine;
using System.Globalization;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell user locks|unlock</c>: who may not sign in because of too many wrong passwords.</summary>
internal static class LockCommands
{
    /// <summary>Lists the locks that hold now.</summary>
    public static Command List(Terminal terminal)
    {
        var command = new Command("locks", "accounts and addresses that may not sign in now, because of too many wrong passwords").WithServer();
        command.SetAction((parsed, cancellation) => parsed.ShowAsync<LocksReply>(
            terminal, "api/v1/locks",
            locks => terminal.WriteTable(
                ["LOCKED", "USER", "FROM", "UNTIL"],
                locks.Locks.Select(l => new[] { Words(l), l.User, l.Source, l.Until.ToString("u", CultureInfo.InvariantCulture) })),
            cancellation));
        return command;
    }

    /// <summary>Takes a lock away.</summary>
    public static Command Unlock(Terminal terminal)
    {
        var user = new Argument<string?>("USER") { Description = "user name or number", Arity = ArgumentArity.ZeroOrOne };
        var source = new Option<string?>("--source") { Description = "an address instead of a person", HelpName = "ADDRESS" };
        var command = new Command("unlock", "lets a person, or an address, sign in again at once") { user, source }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = (parsed.GetValue(user), parsed.GetValue(source)) switch
            {
                ({ } name, null) => $"api/v1/users/{Uri.EscapeDataString(name)}/locks",
                (null, { } address) => $"api/v1/locks?source={Uri.EscapeDataString(address)}",
                _ => throw new CommandFailedException("name a user, or an address with --source", ExitCode.Usage),
            };
            using var server = parsed.Connect();
            var answer = await server.SendAsync(HttpMethod.Delete, path, null, cancellation);
            parsed.Print<UnlockReply>(terminal, answer, done => terminal.Out.WriteLine(done.Unlocked switch
            {
                0 => "was not locked",
                1 => "unlocked",
                var many => string.Create(CultureInfo.InvariantCulture, $"unlocked ({many} locks)"),
            }));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Words(LockRow row) => row.Kind switch
    {
        "source" => "address",
        "account" => row.Secret + " for strangers",
        _ => row.Secret + " from one network",
    };
}
