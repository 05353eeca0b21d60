namespace Postbell.Media.Srtp;

/// <summary>The keys of a call.</summary>
/// <param name="Inbound">The peer's: decrypts what comes.</param>
/// <param name="Outbound">Ours: encrypts what goes.</param>
public sealed record SrtpKeys(SrtpKey Inbound, SrtpKey Outbound);
