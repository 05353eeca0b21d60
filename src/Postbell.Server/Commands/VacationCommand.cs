using System.CommandLine;
using System.Globalization;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell user vacation USER</c>: the automatic reply of a person who is away.</summary>
internal static class VacationCommand
{
    /// <summary>Shows it, or with <c>--on</c> or <c>--off</c> changes it.</summary>
    public static Command Create(Terminal terminal)
    {
        var user = new Argument<string>("USER") { Description = "user name or number" };
        var on = new Option<bool>("--on") { Description = "replies from now on, or from the time of --from" };
        var off = new Option<bool>("--off") { Description = "replies no more; the text is kept" };
        var text = new Option<FileInfo?>("--text") { Description = "file with what the reply says, UTF-8; absent: as it was", HelpName = "FILE" };
        var subject = new Option<string?>("--subject") { Description = "subject; \"\" is that of the message, with \"Automatic reply:\" before it", HelpName = "TEXT" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "first moment, for instance 2026-12-24T18:00+01:00", HelpName = "TIME" };
        var until = new Option<DateTimeOffset?>("--until") { Description = "first moment without replies", HelpName = "TIME" };
        var days = new Option<int?>("--days") { Description = "the same sender gets one reply in so many days (7)", HelpName = "N" };
        var command = new Command("vacation", "the automatic reply to mail; shows it without --on or --off") { user, on, off, text, subject, from, until, days }.WithServer();
        command.Validators.Add(result =>
        {
            if (result.GetValue(on) == result.GetValue(off) && (result.GetValue(on) || new Option[] { text, subject, from, until, days }.Any(o => result.GetResult(o) is not null)))
            {
                result.AddError("give --on or --off, one of them");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var path = $"api/v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/vacation";
            var answer = parsed.GetValue(on) || parsed.GetValue(off)
                ? await server.SendJsonAsync(
                    HttpMethod.Put, path,
                    new VacationChange(parsed.GetValue(on), ReadText(parsed.GetValue(text)), parsed.GetValue(subject), parsed.GetValue(from), parsed.GetValue(until), parsed.GetValue(days)),
                    cancellation)
                : await server.SendAsync(HttpMethod.Get, path, null, cancellation);
            parsed.Print<VacationReplyRow>(terminal, answer, row => Print(terminal, row));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(Terminal terminal, VacationReplyRow row)
    {
        terminal.Out.WriteLine(row.Enabled
            ? string.Create(CultureInfo.InvariantCulture, $"{row.User}: replies{Time(" from", row.From)}{Time(" until", row.Until)}, to the same sender once in {row.Days} days")
            : $"{row.User}: no automatic reply");
        if (row.Text.Length > 0)
        {
            terminal.Out.WriteLine($"subject: {(row.Subject.Length > 0 ? row.Subject : "Automatic reply: (that of the message)")}");
            terminal.Out.WriteLine(row.Text);
        }
    }

    private static string Time(string word, DateTimeOffset? time) => time is { } at ? string.Create(CultureInfo.InvariantCulture, $"{word} {at:yyyy-MM-dd HH:mm zzz}") : "";

    private static string? ReadText(FileInfo? file)
    {
        try
        {
            return file is null ? null : File.ReadAllText(file.FullName);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot read {file}: {fault.Message}");
        }
    }
}
