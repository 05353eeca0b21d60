using System.Security.Cryptography;
using System.Text;
using Postbell.Mailbox;

namespace Postbell.SignIn.Sasl;

/// <summary>
/// SCRAM-SHA-256 (RFC 5802, RFC 7677): the password never crosses the wire, and the server proves that it knows it too. With PLUS the proof is good on this
/// connection only (channel binding tls-server-end-point, RFC 5929).
/// </summary>
/// <remarks>Names that do not exist get a salt of their own, always the same one, and are refused only where a wrong password is.</remarks>
internal sealed class ScramExchange(SignInDesk desk, SaslPeer peer, bool plus) : SaslExchange
{
    public const string BindingType = "tls-server-end-point";

    private const int NonceBytes = 18;

    private ScramFirst? _first;
    private PasswordKeys? _keys;
    private string _serverFirst = "";
    private string _nonce = "";
    private SignInOutcome? _outcome;

    public override async Task<SaslStep> NextAsync(ReadOnlyMemory<byte> answer, CancellationToken ct)
    {
        if (_outcome is { } decided)
        {
            // The client has seen our proof, or why there is none.
            return SaslStep.End(decided);
        }

        return Text(answer.Span) is not { } text ? SaslStep.Malformed
            : _first is null ? await BeginAsync(text, ct).ConfigureAwait(false)
            : await FinishAsync(text, ct).ConfigureAwait(false);
    }

    private async Task<SaslStep> BeginAsync(string text, CancellationToken ct)
    {
        if (ScramFirst.Parse(text) is not { } first)
        {
            return SaslStep.Malformed;
        }

        UserName = first.ActingFor.Length == 0 || first.ActingFor.Equals(first.UserName, StringComparison.OrdinalIgnoreCase) ? first.UserName : "";
        _first = first;
        if (Refusal(first) is { } reason)
        {
            return Refuse(reason);
        }

        _keys = await desk.Store.ReadPasswordKeysAsync(UserName, ct).ConfigureAwait(false);
        _nonce = first.Nonce + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(_keys.Salt)},i={_keys.Iterations}";
        return SaslStep.Ask(Encoding.ASCII.GetBytes(_serverFirst));
    }

    private string? Refusal(ScramFirst first) => first.Binding switch
    {
        'p' when !plus => "channel-binding-not-supported",
        'p' when first.BindingType != BindingType => "unsupported-channel-binding-type",
        'p' => null,
        _ when plus => "channel-bindings-dont-match",
        // The client could bind and was told that we cannot: somebody between us took the PLUS out of the list (RFC 5802 section 6).
        'y' when peer.ServerEndPoint is not null => "server-does-support-channel-binding",
        _ => null,
    };

    private async Task<SaslStep> FinishAsync(string text, CancellationToken ct)
    {
        if (ScramFinal.Parse(text) is not { } final)
        {
            return SaslStep.Malformed;
        }

        byte[] bound = [.. Encoding.UTF8.GetBytes(_first!.Header), .. plus ? peer.ServerEndPoint! : []];
        if (!CryptographicOperations.FixedTimeEquals(bound, final.Binding) || final.Nonce != _nonce)
        {
            return Refuse("channel-bindings-dont-match");
        }

        var message = Encoding.UTF8.GetBytes($"{_first.Bare},{_serverFirst},{final.WithoutProof}");
        var attempt = new SignInAttempt { Door = peer.Door, Secret = SignInSecret.Password, Source = peer.Source, UserName = UserName };
        var outcome = await desk.Guard.SignInAsync(
            attempt, _ => Task.FromResult(Proves(final.Proof, message) ? _keys!.Account : null), ct).ConfigureAwait(false);
        _outcome = outcome;
        return SaslStep.Ask(Encoding.ASCII.GetBytes(outcome.Account is null
            ? "e=invalid-proof"
            : "v=" + Convert.ToBase64String(HMACSHA256.HashData(_keys!.ServerKey, message))));
    }

    private bool Proves(byte[] proof, byte[] message)
    {
        var key = HMACSHA256.HashData(_keys!.StoredKey, message);
        if (proof.Length != key.Length)
        {
            return false;
        }

        for (var i = 0; i < key.Length; i++)
        {
            key[i] ^= proof[i];
        }

        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(key), _keys.StoredKey);
    }

    private SaslStep Refuse(string reason)
    {
        _outcome = new SignInOutcome(SignInVerdict.Refused, null);
        return SaslStep.Ask(Encoding.ASCII.GetBytes("e=" + reason));
    }
}
