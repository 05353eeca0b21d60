using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>LISTRIGHTS, RFC 4314 section 3.4: what somebody can be given. Each right can be given by itself; the owner has all, always.</summary>
internal static class ListRights
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!RightsArguments.TryParse(ref reader, withRights: false, out var arguments))
        {
            return CommandResult.Bad(reader);
        }

        var place = (await session.Places.FindAsync(arguments.Mailbox, ct)).Require(FolderRights.Administer);
        if (await place.View.FindFolderAsync(place.Name, ct) is null)
        {
            throw MailPlace.NotThere();
        }

        var owner = await session.Services.Store.FindAccountAsync(place.View.AccountId, ct);
        var all = FolderRightsText.Format(FolderRights.All);
        var writer = session.Writer.Raw("* LISTRIGHTS "u8).Mailbox(place.Called).Space().String(arguments.Identifier);
        writer.Text(owner is not null && owner.UserName.Equals(arguments.UserName, StringComparison.OrdinalIgnoreCase)
            ? $" {all}"
            : " \"\" " + string.Join(' ', all.ToCharArray())).Line();
        return CommandResult.Ok("Rights told");
    }
}
