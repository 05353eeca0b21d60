using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Authentication;

/// <summary>
/// The server's side of digest authentication (RFC 3261 section 22, RFC 8760). Who is unknown costs the same computation and gets the same answer as who
/// is known and wrong. Safe from any thread, waits for nothing.
/// </summary>
internal sealed class DigestVerifier(SipDigestOptions options, TimeProvider time)
{
    private static readonly SipCredentials Nobody = new() { User = "", Password = RandomNumberGenerator.GetHexString(32) };

    private readonly DigestNonces _nonces = new(options.NonceLifetime, time);
    private readonly NonceCounts _counts = new(options.RememberedNonces);

    /// <summary>Challenges, one for each algorithm.</summary>
    public IEnumerable<SipHeader> Challenge(IPAddress peer, IReadOnlyList<DigestAlgorithm> algorithms, bool stale) => algorithms.Select(algorithm => new SipHeader(
        "WWW-Authenticate",
        $"Digest realm={SipSyntax.Quote(options.Realm)}, nonce=\"{_nonces.Create(peer, algorithm)}\", algorithm={DigestHash.NameOf(algorithm)}, qop=\"auth\"{(stale ? ", stale=true" : "")}"));

    /// <summary>Looks at the credentials of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="peer">Address it came from.</param>
    /// <param name="algorithms">Those that it is challenged with.</param>
    /// <param name="find">Whose name it is; null for nobody's.</param>
    /// <param name="user">The user; null unless the credentials are good.</param>
    public DigestVerdict Judge(SipRequest request, IPAddress peer, IReadOnlyList<DigestAlgorithm> algorithms, Func<string, SipCredentials?> find, out string? user)
    {
        user = null;
        var verdict = FindOurs(request, out var shown);
        if (verdict != DigestVerdict.Good || shown is null)
        {
            return verdict;
        }

        if (shown["username"] is not { } name || shown["nonce"] is not { } nonce || shown["uri"] is not { } uri || shown["response"] is not { } response)
        {
            return DigestVerdict.Malformed;
        }

        if (shown["qop"] != "auth")
        {
            return DigestVerdict.OtherProtection;
        }

        if (shown["nc"] is not { Length: 8 } number || shown["cnonce"] is not { Length: > 0 } clientNonce
            || !uint.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count))
        {
            return DigestVerdict.Malformed;
        }

        if (DigestHash.AlgorithmOf(shown["algorithm"]) is not { } algorithm || !algorithms.Contains(algorithm))
        {
            return DigestVerdict.Missing;
        }

        var nonceState = _nonces.Find(nonce, peer, algorithm, out var madeAt);
        if (nonceState == NonceState.Unknown)
        {
            // Said without a look at the password, or nonces of one's own making could be used to try passwords that nobody counts.
            return DigestVerdict.Stale;
        }

        var account = find(name);
        var credentials = account ?? Nobody;
        var expected = DigestHash.Respond(algorithm, name, options.Realm, credentials.Password, nonce, (number, clientNonce), request.Method, uri);
        var right = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(response.ToLowerInvariant()))
            & account is not null & credentials.Algorithms.Contains(algorithm);
        if (!right)
        {
            // The nonce was given to this very address, so no forged sender is blamed on another.
            return DigestVerdict.Wrong;
        }

        if (nonceState == NonceState.Expired || !_counts.Take(nonce, madeAt, count))
        {
            return DigestVerdict.Stale;
        }

        user = name;
        return DigestVerdict.Good;
    }

    // A request may carry credentials for the realms of several servers on its way.
    private DigestVerdict FindOurs(SipRequest request, out DigestParameters? ours)
    {
        ours = null;
        foreach (var line in request.Headers.GetAll("Authorization"))
        {
            var failure = DigestParameters.Parse(line, out var parameters);
            if (failure is not (DigestParseFailure.None or DigestParseFailure.OtherScheme))
            {
                return DigestVerdict.Malformed;
            }

            if (parameters?["realm"] == options.Realm)
            {
                ours = parameters;
                return DigestVerdict.Good;
            }
        }

        return DigestVerdict.Missing;
    }
}
