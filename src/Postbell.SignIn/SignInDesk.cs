using System.Buffers.Text;
using System.Text;
using Postbell.Mailbox;
using Postbell.SignIn.Sasl;

namespace Postbell.SignIn;

/// <summary>Where people show who they are, whatever door they came to. Safe from any thread.</summary>
public sealed class SignInDesk
{
    private readonly TokenSignIn? _tokens;

    /// <summary>A desk before a store; without <paramref name="tokens"/> it takes none. What is given stays the caller's.</summary>
    public SignInDesk(MailStore store, SignInGuard guard, TokenSignIn? tokens = null) => (Store, Guard, _tokens) = (store, guard, tokens);

    /// <summary>Who stands before it.</summary>
    public SignInGuard Guard { get; }

    internal MailStore Store { get; }

    /// <summary>The mechanisms a connection is offered, the strongest first. A door offers none where a password must not be shown.</summary>
    public IReadOnlyList<string> Mechanisms(SaslPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return
        [
            .. peer.ServerEndPoint is null ? (string[])["SCRAM-SHA-256"] : ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"],
            .. _tokens is null ? (string[])[] : ["OAUTHBEARER", "XOAUTH2"],
            "PLAIN", "LOGIN",
        ];
    }

    /// <summary>Checks name and password.</summary>
    public Task<SignInOutcome> CheckPasswordAsync(SignInDoor door, string source, string userName, string password, CancellationToken ct) => Guard.SignInAsync(
        new SignInAttempt { Door = door, Secret = SignInSecret.Password, Source = source, UserName = userName, Given = password },
        gone => Store.VerifyPasswordAsync(userName, password, gone),
        ct);

    /// <summary>Plays an exchange (RFC 4422) over a wire of lines in base64.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="mechanism">As the client named it.</param>
    /// <param name="initial">What came with the command: base64, or <c>=</c> for nothing; null when nothing came.</param>
    /// <param name="ask">Sends a challenge (base64) and gives the answer.</param>
    /// <param name="ct">The connection is gone.</param>
    public async Task<SaslResult> AuthenticateAsync(
        SaslPeer peer, string mechanism, string? initial, Func<string, ValueTask<string>> ask, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (Begin(peer, mechanism) is not { } exchange)
        {
            return new SaslResult(SaslEnd.NotOffered, "", default);
        }

        var answer = initial is null ? await ask(Coded(exchange.Opening)).ConfigureAwait(false) : initial == "=" ? "" : initial;
        while (true)
        {
            if (answer == "*")
            {
                return new SaslResult(SaslEnd.GivenUp, exchange.UserName, default);
            }

            if (Decode(answer) is not { } bytes)
            {
                return new SaslResult(SaslEnd.NotBase64, exchange.UserName, default);
            }

            var step = await exchange.NextAsync(bytes, ct).ConfigureAwait(false);
            if (step.Outcome is { } outcome)
            {
                return new SaslResult(SaslEnd.Finished, exchange.UserName, outcome);
            }

            if (step.Challenge is not { } challenge)
            {
                return new SaslResult(SaslEnd.Malformed, exchange.UserName, default);
            }

            answer = await ask(Coded(challenge)).ConfigureAwait(false);
        }
    }

    private SaslExchange? Begin(SaslPeer peer, string mechanism)
    {
        var name = mechanism.ToUpperInvariant();
        return !Mechanisms(peer).Contains(name, StringComparer.Ordinal) ? null : name switch
        {
            "PLAIN" => new PlainExchange(this, peer),
            "LOGIN" => new LoginExchange(this, peer),
            "OAUTHBEARER" => new BearerExchange(this, _tokens!, peer, old: false),
            "XOAUTH2" => new BearerExchange(this, _tokens!, peer, old: true),
            "SCRAM-SHA-256" => new ScramExchange(this, peer, plus: false),
            "SCRAM-SHA-256-PLUS" => new ScramExchange(this, peer, plus: true),
            _ => null,
        };
    }

    private static string Coded(byte[] bytes) => Convert.ToBase64String(bytes);

    private static byte[]? Decode(string answer)
    {
        var coded = Encoding.Latin1.GetBytes(answer);
        var plain = new byte[Base64.GetMaxDecodedFromUtf8Length(coded.Length)];
        return Base64.DecodeFromUtf8(coded, plain, out _, out var length) == System.Buffers.OperationStatus.Done ? plain[..length] : null;
    }
}
