using System.CommandLine;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary><c>postbell mailbox share USER [FOLDER WHO RIGHTS]</c>: who may do what with folders of a person or a team.</summary>
internal static class ShareCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var user = new Argument<string>("USER") { Description = "whose mailbox: user name, number or team" };
        var folder = new Argument<string?>("FOLDER") { Description = "the folder; without it the rights there are are shown", Arity = ArgumentArity.ZeroOrOne };
        var who = new Argument<string?>("WHO") { Description = "to whom: a user name, or anyone", Arity = ArgumentArity.ZeroOrOne };
        var rights = new Argument<string?>("RIGHTS")
        {
            Description = "letters of lrswipkxtea: l list, r read, s seen, w flags, i insert, k make folders, x delete folders, t mark deleted, e expunge, a administer; none takes them away",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("share", "lets people use folders of somebody's mailbox") { user, folder, who, rights }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = $"api/v1/users/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/shares";
            if (parsed.GetValue(folder) is not { } name)
            {
                return await parsed.ShowAsync<SharesReply>(terminal, path, shares => Print(terminal, shares), cancellation);
            }

            if (parsed.GetValue(who) is not { } grantee || parsed.GetValue(rights) is not { } letters)
            {
                throw new CommandFailedException("name the folder, to whom, and the rights (none takes them away)", ExitCode.Usage);
            }

            using var server = parsed.Connect();
            var answer = await server.SendJsonAsync(HttpMethod.Put, path, new ShareRow(name, grantee, letters == "none" ? "" : letters), cancellation);
            parsed.Print<SharesReply>(terminal, answer, shares => Print(terminal, shares));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(Terminal terminal, SharesReply reply) =>
        terminal.WriteTable(["FOLDER", "WHO", "RIGHTS"], reply.Shares.Select(s => new[] { s.Folder, s.Who, s.Rights }));
}
