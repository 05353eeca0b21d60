namespace Postbell.SignIn.Sasl;

/// <summary>LOGIN, which no RFC describes and old clients still want: name, then password.</summary>
internal sealed class LoginExchange(SignInDesk desk, SaslPeer peer) : SaslExchange
{
    private bool _named;

    public override byte[] Opening => "Username:"u8.ToArray();

    public override async Task<SaslStep> NextAsync(ReadOnlyMemory<byte> answer, CancellationToken ct)
    {
        if (Text(answer.Span) is not { } text)
        {
            return SaslStep.Malformed;
        }

        if (_named)
        {
            return SaslStep.End(await desk.CheckPasswordAsync(peer.Door, peer.Source, UserName, text, ct).ConfigureAwait(false));
        }

        (_named, UserName) = (true, text);
        return SaslStep.Ask("Password:"u8.ToArray());
    }
}
