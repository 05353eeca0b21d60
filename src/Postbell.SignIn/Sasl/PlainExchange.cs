namespace Postbell.SignIn.Sasl;

/// <summary>PLAIN (RFC 4616): authorization identity NUL name NUL password. Acting for somebody else is not offered.</summary>
internal sealed class PlainExchange(SignInDesk desk, SaslPeer peer) : SaslExchange
{
    public override async Task<SaslStep> NextAsync(ReadOnlyMemory<byte> answer, CancellationToken ct)
    {
        if (Text(answer.Span)?.Split('\0') is not [var actingFor, var user, var password])
        {
            return SaslStep.Malformed;
        }

        // A foreign authorization identity is refused as a wrong password is: no account has an empty name.
        UserName = actingFor.Length == 0 || actingFor.Equals(user, StringComparison.OrdinalIgnoreCase) ? user : "";
        return SaslStep.End(await desk.CheckPasswordAsync(peer.Door, peer.Source, UserName, password, ct).ConfigureAwait(false));
    }
}
