using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>MYRIGHTS, RFC 4314 section 3.5: what this person may do with a mailbox.</summary>
internal static class MyRights
{
    private const FolderRights Enough =
        FolderRights.Lookup | FolderRights.Read | FolderRights.Insert | FolderRights.Create | FolderRights.DeleteFolder | FolderRights.Administer;

    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.Mailbox(out var name) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        var place = (await session.Places.FindAsync(name, ct)).RequireAny(Enough);
        if (await place.View.FindFolderAsync(place.Name, ct) is null)
        {
            throw MailPlace.NotThere();
        }

        session.Writer.Raw("* MYRIGHTS "u8).Mailbox(place.Called).Space().Text(FolderRightsText.FormatWithOld(place.Rights)).Line();
        return CommandResult.Ok("Rights told");
    }
}
