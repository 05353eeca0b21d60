namespace Postbell.SignIn;

/// <summary>Who signs in over which connection.</summary>
/// <param name="Door">Where.</param>
/// <param name="Source">Where from, as in <see cref="SignInAttempt.Source"/>.</param>
/// <param name="ServerEndPoint">Channel binding <c>tls-server-end-point</c> (RFC 5929 section 4) of the connection's TLS; null when there is none.</param>
public sealed record SaslPeer(SignInDoor Door, string Source, byte[]? ServerEndPoint);
