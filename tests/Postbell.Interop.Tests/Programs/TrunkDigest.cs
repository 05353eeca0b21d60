namespace Postbell.Interop.Tests.Programs;

/// <summary>The name and password that proxy and voice mail share.</summary>
/// <param name="Algorithm">What the proxy demands: <c>MD5</c> or <c>SHA-256</c>.</param>
public sealed record TrunkDigest(string Algorithm)
{
    public const string User = "trunk";

    public const string Secret = "open-sesame";

    /// <summary>In which the proxy challenges.</summary>
    public const string Realm = "pbx.test";

    /// <summary>In which voice mail challenges.</summary>
    public const string RealmOfVoiceMail = "voicemail.test";
}
