using System.CommandLine;
using System.Globalization;
using Postbell.Mailbox;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell mailbox verify|backup|restore</c>: the care of what mailboxes hold.</summary>
internal static class StoreCommands
{
    /// <summary><c>mailbox verify [USER]</c>; ends with 1 when bytes are lost or something was found and not set right.</summary>
    public static Command Verify(Terminal terminal)
    {
        var user = new Argument<string?>("USER") { Description = "user name or number; everybody's mailbox if absent", Arity = ArgumentArity.ZeroOrOne };
        var repair = new Option<bool>("--repair") { Description = "sets counters right and removes files nothing names" };
        var command = new Command("verify", "reads every message and compares it with its checksum, while the server works on") { user, repair }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var answer = await server.SendJsonAsync(HttpMethod.Post, "api/v1/store/verify", new VerifyRequest(parsed.GetValue(user), parsed.GetValue(repair)), cancellation);
            parsed.Print<VerifyReply>(terminal, answer, found => Print(terminal, found));
            var reply = System.Text.Json.JsonSerializer.Deserialize<VerifyReply>(answer, Http.Json.Options)!;
            return reply.Loss || (!reply.Sound && !reply.Repaired) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    /// <summary><c>mailbox backup DIR</c>.</summary>
    public static Command Backup(Terminal terminal)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "folder on the server's machine, outside of its data folder; what an earlier backup put there is not copied again" };
        var command = new Command("backup", "copies all mailboxes as they are at this instant, while the server works on") { folder }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var answer = await server.SendJsonAsync(HttpMethod.Post, "api/v1/store/backup", new BackupRequest(parsed.GetRequiredValue(folder).FullName), cancellation);
            parsed.Print<BackupResult>(terminal, answer, made =>
            {
                terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made.Messages} messages; {made.Copied} files copied, {made.Removed} removed"));
                foreach (var blob in made.Missing)
                {
                    terminal.Out.WriteLine($"missing in the store: blobs/{blob} (postbell mailbox verify says whose)");
                }
            });
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary><c>mailbox restore DIR USER</c>.</summary>
    public static Command Restore(Terminal terminal)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "folder of the backup on the server's machine" };
        var user = new Argument<string>("USER") { Description = "user name" };
        var command = new Command("restore", "brings back from a backup what is no longer in a person's mailbox; nothing that is there is changed") { folder, user }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            using var server = parsed.Connect();
            var wanted = new RestoreRequest(parsed.GetRequiredValue(folder).FullName, parsed.GetRequiredValue(user));
            var answer = await server.SendJsonAsync(HttpMethod.Post, "api/v1/store/restore", wanted, cancellation);
            parsed.Print<RestoreResult>(terminal, answer, result =>
            {
                terminal.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{wanted.User}: {(result.AccountMade ? "account made anew, " : "")}{result.Restored} messages restored, {result.Present} were there"));
                foreach (var place in result.Damaged)
                {
                    terminal.Out.WriteLine($"damaged in the backup: {place}");
                }
            });
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(Terminal terminal, VerifyReply found)
    {
        foreach (var mailbox in found.Mailboxes)
        {
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{mailbox.UserName}: {mailbox.Checked} checked ({mailbox.Octets / 1048576.0:0.0} MB), {mailbox.Damaged.Count} damaged{(mailbox.WrongCounters ? ", counters were wrong" : "")}"));
            foreach (var item in mailbox.Damaged)
            {
                terminal.Out.WriteLine($"  {item.What}: {(item.IsMissing ? "missing" : "damaged")}, blobs/{item.Blob}");
            }
        }

        foreach (var orphan in found.Orphans)
        {
            terminal.Out.WriteLine($"{(found.Repaired ? "removed" : "named by nothing")}: blobs/{orphan}");
        }

        if (found.Database != "ok")
        {
            terminal.Out.WriteLine($"database: {found.Database}");
        }

        terminal.Out.WriteLine(found.Sound ? "sound" : found.Loss ? "bytes are lost" : found.Repaired ? "set right" : "not sound (--repair sets it right)");
    }
}
