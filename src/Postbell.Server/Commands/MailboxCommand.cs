using System.CommandLine;
using System.Globalization;
using Postbell.Directory.Yaml;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell mailbox USER</c>: folders of a person's mailbox and the voice messages in it.</summary>
internal static class MailboxCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var user = new Argument<string>("USER") { Description = "user name or number" };
        var command = new Command("mailbox", "the folders of a person's mailbox, how much is in them, how many voice messages are new")
        {
            user, StoreCommands.Verify(terminal), StoreCommands.Backup(terminal), StoreCommands.Restore(terminal),
            TransferCommands.Export(terminal), TransferCommands.Import(terminal),
            RetentionCommands.Removed(terminal), RetentionCommands.Undelete(terminal), RetentionCommands.Hold(terminal),
            ShareCommand.Create(terminal),
        }.WithServer();
        command.SetAction((parsed, cancellation) => parsed.ShowAsync<MailboxReply>(
            terminal, $"api/v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/mailbox", mailbox => Print(terminal, mailbox), cancellation));
        return command;
    }

    private static void Print(Terminal terminal, MailboxReply reply)
    {
        terminal.Out.WriteLine($"{reply.User}: voice messages {reply.VoiceNew} new, {reply.VoiceOld} old");
        var (usage, limits) = (reply.Usage, new List<string>());
        if (usage.StorageLimit is { } storage)
        {
            limits.Add(SizeText.Format(storage));
        }

        if (usage.MessageLimit is { } messages)
        {
            limits.Add(string.Create(CultureInfo.InvariantCulture, $"{messages} messages"));
        }

        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"holds {usage.Octets / 1048576.0:0.0} MB in {usage.Messages} messages{(limits.Count > 0 ? " of " + string.Join(", ", limits) : "")}{(usage.Level == "normal" ? "" : ": " + usage.Level)}"));
        terminal.WriteTable(
            ["FOLDER", "MESSAGES", "UNSEEN"],
            reply.Folders.Select(f => new[] { f.Name, f.Messages.ToString(CultureInfo.InvariantCulture), f.Unseen.ToString(CultureInfo.InvariantCulture) }));
    }
}
