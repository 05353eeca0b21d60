using System.CommandLine;
using System.Net.Http.Headers;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell user add|list|passwd|pin|greeting|vacation|locks|unlock</c>. Secrets come from the standard input or are made up; never from arguments, which others can see.</summary>
internal static class UserCommand
{
    private static readonly Option<bool> s_fromInput = new("--stdin") { Description = "read the secret from the first line of the standard input instead of making one up" };

    /// <summary>The command with those below it.</summary>
    public static Command Create(Terminal terminal) => new("user", "people and their mailboxes")
    {
        CreateList(terminal), CreateAdd(terminal), CreatePassword(terminal), CreatePin(terminal), CreateGreeting(terminal), CreateErase(terminal),
        VacationCommand.Create(terminal), LockCommands.List(terminal), LockCommands.Unlock(terminal),
    };

    private static Command CreateList(Terminal terminal)
    {
        var command = new Command("list", "everybody").WithServer();
        command.SetAction((parsed, cancellation) => parsed.ShowAsync<UsersReply>(
            terminal, "api/v1/users",
            users => terminal.WriteTable(["USER", "NUMBER", "NAME", "DIAL PLAN"], users.Users.Select(u => new[] { u.User, u.Number, u.Name, u.DialPlan })),
            cancellation));
        return command;
    }

    private static Command CreateAdd(Terminal terminal)
    {
        var number = new Argument<string>("NUMBER") { Description = "extension" };
        var name = new Option<string>("--name") { Description = "name as people see and hear it", HelpName = "NAME", Required = true };
        var user = new Option<string?>("--user") { Description = "name for signing in; the number if absent", HelpName = "USER" };
        var plan = new Option<string?>("--dial-plan") { Description = "dial plan; the only one if absent", HelpName = "NAME" };
        var command = new Command("add", "adds a person; prints the password and the PIN, which are shown only now") { number, name, user, plan, s_fromInput }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = new NewUser(
                parsed.GetValue(user) ?? parsed.GetRequiredValue(number), parsed.GetRequiredValue(name), parsed.GetRequiredValue(number),
                parsed.GetValue(plan), SecretOf(terminal, parsed), null);
            using var server = parsed.Connect();
            var answer = await server.SendJsonAsync(HttpMethod.Post, "api/v1/users", wanted, cancellation);
            parsed.Print<NewUserReply>(terminal, answer, made => terminal.Out.WriteLine($"{made.User} ({made.Name}, {made.Number}): {Secrets(made.Password, made.Pin)}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command CreateErase(Terminal terminal)
    {
        var user = new Argument<string>("USER") { Description = "user name or number" };
        var sure = new Option<bool>("--yes") { Description = "says that it is meant: nothing brings the person back but a backup" };
        var command = new Command("erase", "erases a person: messages, recordings, index, ledger, and what the database keeps of deleted rows") { user, sure }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            if (!parsed.GetValue(sure))
            {
                throw new CommandFailedException($"this erases {parsed.GetValue(user)} with everything; repeat it with --yes", ExitCode.Usage);
            }

            using var server = parsed.Connect();
            var answer = await server.SendAsync(HttpMethod.Delete, $"api/v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}", null, cancellation);
            parsed.Print<ErasureReply>(terminal, answer, erased =>
            {
                terminal.Out.WriteLine(
                    $"{erased.User}: erased, {erased.Files} messages and recordings, {erased.Ledgers} ledgers, {erased.LedgerLines} lines in other ledgers, {erased.Unsent} unsent messages");
                foreach (var place in erased.Left)
                {
                    terminal.Out.WriteLine($"not touched: {place}");
                }
            });
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command CreatePassword(Terminal terminal) => CreateSecret(
        terminal, "passwd", "password", "sets a new password", (secret) => new NewSecret(Password: secret, Pin: null));

    private static Command CreatePin(Terminal terminal) => CreateSecret(
        terminal, "pin", "pin", "sets a new PIN for the telephone", (secret) => new NewSecret(Password: null, Pin: secret));

    private static Command CreateSecret(Terminal terminal, string name, string resource, string description, Func<string?, NewSecret> body)
    {
        var user = new Argument<string>("USER") { Description = "user name or number" };
        var command = new Command(name, $"{description}; a made-up one is printed") { user, s_fromInput }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var path = $"api/v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/{resource}";
            var answer = await server.SendJsonAsync(HttpMethod.Put, path, body(SecretOf(terminal, parsed)), cancellation);
            parsed.Print<NewSecret>(terminal, answer, made => terminal.Out.WriteLine($"{parsed.GetValue(user)}: {Secrets(made.Password, made.Pin)}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command CreateGreeting(Terminal terminal)
    {
        var user = new Argument<string>("USER") { Description = "user name or number" };
        var file = new Argument<FileInfo?>("FILE") { Description = "WAV file (8 or 16 kHz, mono or stereo, 16 bit or G.711); absent: says whether there is one", Arity = ArgumentArity.ZeroOrOne };
        var kind = new Option<string>("--kind") { Description = "which recording", DefaultValueFactory = _ => "standard" };
        kind.AcceptOnlyFromAmong("standard", "away", "name");
        var remove = new Option<bool>("--remove") { Description = "goes back to the generated greeting" };
        var command = new Command("greeting", "the person's own greeting") { user, file, kind, remove }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var path = $"api/v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/greetings/{parsed.GetValue(kind)}";
            var (method, content) = parsed.GetValue(remove) ? (HttpMethod.Delete, null)
                : parsed.GetValue(file) is { } wav ? (HttpMethod.Put, Wav(wav))
                : (HttpMethod.Get, null);
            var answer = await server.SendAsync(method, path, content, cancellation);
            parsed.Print<GreetingReply>(terminal, answer, g => terminal.Out.WriteLine(g.Recorded ? $"{g.User}: {g.Kind}, {g.Seconds:0.0} s" : $"{g.User}: no {g.Kind} recording"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static ByteArrayContent Wav(FileInfo file)
    {
        try
        {
            var content = new ByteArrayContent(File.ReadAllBytes(file.FullName));
            content.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
            return content;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot read {file}: {fault.Message}");
        }
    }

    private static string? SecretOf(Terminal terminal, ParseResult parsed)
    {
        if (!parsed.GetValue(s_fromInput))
        {
            return null;
        }

        return terminal.In.ReadLine() is { Length: > 0 } secret ? secret : throw new CommandFailedException("nothing came on the standard input", ExitCode.Usage);
    }

    private static string Secrets(string? password, string? pin) =>
        string.Join(", ", new[] { password is null ? null : $"password {password}", pin is null ? null : $"PIN {pin}" }.OfType<string>()) is { Length: > 0 } text ? text : "changed";
}
