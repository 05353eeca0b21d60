using System.CommandLine;
using System.Globalization;
using Postbell.Mailbox;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell mailbox export|import</c>: mailboxes to and from mbox files and Maildirs.</summary>
internal static class TransferCommands
{
    /// <summary><c>mailbox export USER DIR</c>; ends with 1 when a message is damaged.</summary>
    public static Command Export(Terminal terminal)
    {
        var user = User();
        var target = new Argument<DirectoryInfo>("DIR") { Description = "empty or new folder on the server's machine" };
        var format = new Option<string>("--format") { Description = "mbox: a file for each folder; maildir: a file for each message", DefaultValueFactory = _ => "mbox" };
        format.AcceptOnlyFromAmong("mbox", "maildir");
        var folder = new Option<string?>("--folder") { Description = "only this folder with those below it", HelpName = "NAME" };
        var command = new Command("export", "writes a mailbox into files that other programs read, with flags, dates and folders") { user, target, format, folder }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var wanted = new ExportRequest(
                parsed.GetRequiredValue(target).FullName, parsed.GetValue(format) == "maildir" ? TransferFormat.Maildir : TransferFormat.Mbox, parsed.GetValue(folder));
            var answer = await server.SendJsonAsync(HttpMethod.Post, $"api/v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/export", wanted, cancellation);
            parsed.Print<ExportResult>(terminal, answer, written =>
            {
                terminal.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{written.Messages} messages of {written.Folders} folders, {written.Octets / 1048576.0:0.0} MB"));
                Print(terminal, "damaged, not written", written.Damaged);
            });
            return answer.GetProperty("damaged").GetArrayLength() > 0 ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    /// <summary><c>mailbox import USER PATH</c>; ends with 1 when something was not taken.</summary>
    public static Command Import(Terminal terminal)
    {
        var user = User();
        var source = new Argument<FileInfo>("PATH") { Description = "an mbox file, a folder of .mbox files, or a Maildir, on the server's machine" };
        var folder = new Option<string?>("--folder") { Description = "folder of the mailbox to put it into; INBOX and the names of the files if absent", HelpName = "NAME" };
        var command = new Command("import", "takes messages from files, with flags, dates and folders; what is there already is not taken twice") { user, source, folder }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var wanted = new ImportRequest(parsed.GetRequiredValue(source).FullName, parsed.GetValue(folder));
            var answer = await server.SendJsonAsync(HttpMethod.Post, $"api/v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/import", wanted, cancellation);
            parsed.Print<ImportResult>(terminal, answer, taken =>
            {
                terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{taken.Imported} messages taken, {taken.Present} were there"));
                Print(terminal, "not taken", taken.Refused);
            });
            return answer.GetProperty("refused").GetArrayLength() > 0 ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> User() => new("USER") { Description = "user name or number" };

    private static void Print(Terminal terminal, string what, IReadOnlyList<string> places)
    {
        foreach (var place in places)
        {
            terminal.Out.WriteLine($"{what}: {place}");
        }
    }
}
