using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>GETACL, RFC 4314 section 3.3: who may do what with a mailbox.</summary>
internal static class GetAcl
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var name) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        var store = session.Services.Store;
        var place = (await session.Places.FindAsync(name, ct)).Require(FolderRights.Administer);
        var grants = await store.ReadGrantsAsync(place.View.AccountId, place.Name, ct);
        var writer = session.Writer.Raw("* ACL "u8).Mailbox(place.Called);
        if (await store.FindAccountAsync(place.View.AccountId, ct) is { IsTeam: false } owner)
        {
            writer.Space().String(owner.UserName).Space().Text(FolderRightsText.FormatWithOld(FolderRights.All));
        }

        foreach (var grant in grants)
        {
            writer.Space().String(RightsArguments.NameOf(grant)).Space().Text(FolderRightsText.FormatWithOld(grant.Rights));
        }

        writer.Line();
        return CommandResult.Ok("Rights told");
    }
}
