using System.Globalization;

namespace Postbell.Mailbox.Messages;

/// <summary>Object identifiers of RFC 8474. They are unique in the whole store and never used again, because their numbers are not.</summary>
internal static class ObjectIds
{
    public static string Mailbox(long accountId, long folderId) => Make('F', accountId, folderId);

    public static string Email(long accountId, long contentId) => Make('M', accountId, contentId);

    public static string Thread(long accountId, long threadId) => Make('T', accountId, threadId);

    private static string Make(char kind, long accountId, long number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{accountId}-{number}");
}
