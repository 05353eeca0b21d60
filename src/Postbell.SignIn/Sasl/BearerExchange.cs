using System.Text.Json;

namespace Postbell.SignIn.Sasl;

/// <summary>OAUTHBEARER (RFC 7628), and XOAUTH2 that came before it: a token of the identity provider instead of a password.</summary>
internal sealed class BearerExchange(SignInDesk desk, TokenSignIn tokens, SaslPeer peer, bool old) : SaslExchange
{
    private SignInOutcome? _outcome;

    public override async Task<SaslStep> NextAsync(ReadOnlyMemory<byte> answer, CancellationToken ct)
    {
        if (_outcome is { } decided)
        {
            // The client has read why, and says so with a byte that means nothing (RFC 7628 section 3.2.3).
            return SaslStep.End(decided);
        }

        if (Text(answer.Span) is not { } text || (old ? BearerMessage.ParseOld(text) : BearerMessage.Parse(text)) is not { } message)
        {
            return SaslStep.Malformed;
        }

        UserName = message.UserName;
        // A token cannot be guessed: what is wrong counts against the source, not against a name anybody may write beside it.
        var attempt = new SignInAttempt { Door = peer.Door, Secret = SignInSecret.Token, Source = peer.Source, UserName = "" };
        var outcome = await desk.Guard.SignInAsync(attempt, gone => tokens.FindAsync(message.Token, message.UserName, gone), ct).ConfigureAwait(false);
        if (outcome.Verdict != SignInVerdict.Refused)
        {
            return SaslStep.End(outcome);
        }

        _outcome = outcome;
        return SaslStep.Ask(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["status"] = old ? "401" : "invalid_token",
            ["scope"] = tokens.Options.Scope ?? "",
            ["openid-configuration"] = tokens.Options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration",
        }));
    }
}
