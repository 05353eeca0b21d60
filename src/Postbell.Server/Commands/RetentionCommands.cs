using System.CommandLine;
using System.Globalization;
using Postbell.Directory.Yaml;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell mailbox removed|undelete|hold</c>: what was removed and can be brought back, and legal hold.</summary>
internal static class RetentionCommands
{
    /// <summary><c>mailbox removed USER</c>.</summary>
    public static Command Removed(Terminal terminal)
    {
        var user = User();
        var count = new Option<int>("--count") { Description = "how many of the last ones", HelpName = "N", DefaultValueFactory = _ => 100 };
        var command = new Command("removed", "messages that were removed and can be brought back") { user, count }.WithServer();
        command.SetAction((parsed, cancellation) => parsed.ShowAsync<RemovedReply>(
            terminal, $"{Path(parsed.GetRequiredValue(user), "removed")}?count={parsed.GetValue(count).ToString(CultureInfo.InvariantCulture)}", found => Print(terminal, found), cancellation));
        return command;
    }

    /// <summary><c>mailbox undelete USER NUMBER... | --all | --since TIME</c>.</summary>
    public static Command Undelete(Terminal terminal)
    {
        var user = User();
        var numbers = new Argument<long[]>("NUMBER") { Description = "as \"mailbox removed\" shows them", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "everything that can be brought back" };
        var since = new Option<DateTimeOffset?>("--since") { Description = "everything that was removed since a time, for instance 2026-03-01T12:00Z", HelpName = "TIME" };
        var command = new Command("undelete", "brings removed messages back into their folders") { user, numbers, all, since }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            var chosen = parsed.GetValue(numbers) ?? [];
            if ((chosen.Length > 0 ? 1 : 0) + (parsed.GetValue(all) ? 1 : 0) + (parsed.GetValue(since) is null ? 0 : 1) != 1)
            {
                throw new CommandFailedException("give numbers (postbell mailbox removed USER shows them), --since or --all", ExitCode.Usage);
            }

            using var server = parsed.Connect();
            var answer = await server.SendJsonAsync(
                HttpMethod.Post, Path(parsed.GetRequiredValue(user), "undelete"), new UndeleteRequest(chosen.Length > 0 ? chosen : null, parsed.GetValue(since)), cancellation);
            var unknown = 0;
            parsed.Print<UndeleteReply>(terminal, answer, back => unknown = Print(terminal, back));
            return unknown > 0 ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    /// <summary><c>mailbox hold USER on|off</c>.</summary>
    public static Command Hold(Terminal terminal)
    {
        var user = User();
        var state = new Argument<string>("STATE") { Description = "on or off" };
        state.AcceptOnlyFromAmong("on", "off");
        var command = new Command("hold", "legal hold: while it is on nothing of the mailbox goes for good") { user, state }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var answer = await server.SendJsonAsync(
                HttpMethod.Put, Path(parsed.GetRequiredValue(user), "hold"), new HoldRequest(parsed.GetRequiredValue(state) == "on"), cancellation);
            parsed.Print<HoldReply>(terminal, answer, now => terminal.Out.WriteLine(
                now.HeldSince is { } held ? string.Create(CultureInfo.InvariantCulture, $"{now.User}: on hold since {held:u}") : $"{now.User}: no hold"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> User() => new("USER") { Description = "user name or number" };

    private static string Path(string user, string what) => $"api/v1/users/{Uri.EscapeDataString(user)}/{what}";

    private static void Print(Terminal terminal, RemovedReply found)
    {
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{found.User}: {found.Messages} removed messages, {found.Octets / 1048576.0:0.0} MB{(found.HeldSince is { } held ? $", on hold since {held:u}" : "")}"));
        terminal.WriteTable(
            ["NUMBER", "REMOVED", "FOLDER", "KIND", "SIZE", "FROM", "SUBJECT"],
            found.Removed.Select(static m => new[]
            {
                m.Number.ToString(CultureInfo.InvariantCulture), m.RemovedAt.ToString("u", CultureInfo.InvariantCulture), m.Folder, m.Kind.ToString(), SizeText.Format(m.Size),
                Core.DisplayText.Clean(m.From, 40), Core.DisplayText.Clean(m.Subject, 60),
            }));
    }

    private static int Print(Terminal terminal, UndeleteReply back)
    {
        foreach (var message in back.Restored)
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{message.Id}: {message.Folder}, UID {message.Uid}"));
        }

        foreach (var number in back.Unknown)
        {
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number}: no removed message has this number"));
        }

        return back.Unknown.Count;
    }
}
