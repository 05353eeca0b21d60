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

    /// <summary>
    /// A refusal ends the exchange at once, without the <c>e=</c> that RFC 5802 allows: the answer to the command says it, and clients built on Cyrus SASL
    /// would answer nothing to it and wait.
    /// </summary>
    private static readonly SaslStep Refused = SaslStep.End(new SignInOutcome(SignInVerdict.Refused, null));

    private ScramFirst? _first;
    private PasswordKeys? _keys;
    private string _serverFirst = "";
    private string _nonce = "";
    private SignInOutcome? _outcome;

    public override async Task<SaslStep> NextAsync(ReadOnlyMemory<byte> answer, CancellationToken ct)
    {
        if (_outcome is { } decided)
        {
            // The client has seen our proof.
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
        if (!MayBind(first))
        {
            return Refused;
        }

        _keys = await desk.Store.ReadPasswordKeysAsync(UserName, ct).ConfigureAwait(false);
        _nonce = first.Nonce + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(_keys.Salt)},i={_keys.Iterations}";
        return SaslStep.Ask(Encoding.ASCII.GetBytes(_serverFirst));
    }

    private bool MayBind(ScramFirst first) => first.Binding switch
    {
        'p' => plus && first.BindingType == BindingType,
        _ when plus => false,
        // The client could bind and was told that we cannot: somebody between us took the PLUS out of the list (RFC 5802 section 6).
        'y' => peer.ServerEndPoint is null,
        _ => true,
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
            return Refused;
        }

        var message = Encoding.UTF8.GetBytes($"{_first.Bare},{_serverFirst},{final.WithoutProof}");
        var attempt = new SignInAttempt { Door = peer.Door, Secret = SignInSecret.Password, Source = peer.Source, UserName = UserName };
        var outcome = await desk.Guard.SignInAsync(
            attempt, _ => Task.FromResult(Proves(final.Proof, message) ? _keys!.Account : null), ct).ConfigureAwait(false);
        if (outcome.Account is null)
        {
            return SaslStep.End(outcome);
        }

        _outcome = outcome;
        return SaslStep.Ask(Encoding.ASCII.GetBytes("v=" + Convert.ToBase64String(HMACSHA256.HashData(_keys!.ServerKey, message))));
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
}
