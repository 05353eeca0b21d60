using System.Security.Cryptography;

namespace Postbell.Sip.Messages;

/// <summary>Fresh unguessable tags, branches and Call-IDs: knowing them is what lets a stranger touch a dialog.</summary>
internal static class SipTokens
{
    public static string NewTag() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    public static string NewBranch() => SipVia.MagicCookie + RandomNumberGenerator.GetHexString(20, lowercase: true);

    public static string NewCallId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
