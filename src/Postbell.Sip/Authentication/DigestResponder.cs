using System.Globalization;
using System.Security.Cryptography;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Authentication;

/// <summary>
/// The client's side of digest authentication for one request and its repetitions (RFC 3261 section 22, RFC 8760): answers challenges of one realm with the
/// strongest algorithm offered, each server once, and once more where it says that only the nonce was too old.
/// </summary>
internal sealed class DigestResponder(SipCredentials credentials)
{
    private readonly Dictionary<string, Answer> _answers = new(StringComparer.Ordinal);

    /// <summary>Takes the challenges of a 401 or 407; None means that the request may be sent again with <see cref="AddTo"/>.</summary>
    public DigestRefusal Take(SipResponse response)
    {
        var (challenge, header) = response.Status == 401 ? ("WWW-Authenticate", "Authorization") : ("Proxy-Authenticate", "Proxy-Authorization");
        var refusal = DigestRefusal.Malformed;
        Answer? best = null;
        foreach (var line in response.Headers.GetAll(challenge))
        {
            var why = Read(line, out var answer);
            // The reason that got furthest is the one to tell.
            refusal = why == DigestRefusal.None || why > refusal ? why : refusal;
            best = answer is not null && (best is null || answer.Algorithm > best.Algorithm) ? answer : best;
        }

        if (best is null)
        {
            return refusal;
        }

        var before = _answers.GetValueOrDefault(header);
        if (before is not null && (!best.IsStale || before.WasStale))
        {
            return DigestRefusal.Refused;
        }

        best.WasStale = before is not null;
        _answers[header] = best;
        return DigestRefusal.None;
    }

    /// <summary>Puts the credentials for all challenges so far on a request.</summary>
    public void AddTo(SipHeaders headers, string method, SipUri uri)
    {
        foreach (var (header, answer) in _answers)
        {
            headers.Set(header, answer.For(method, uri.ToString(), credentials));
        }
    }

    private DigestRefusal Read(string line, out Answer? answer)
    {
        answer = null;
        if (DigestParameters.Parse(line, out var challenge) != DigestParseFailure.None || challenge!["nonce"] is not { } nonce || challenge["realm"] is not { } realm)
        {
            return DigestRefusal.Malformed;
        }

        if (realm != credentials.Realm)
        {
            return DigestRefusal.OtherRealm;
        }

        if (DigestHash.AlgorithmOf(challenge["algorithm"]) is not { } algorithm || !credentials.Algorithms.Contains(algorithm))
        {
            return DigestRefusal.OtherAlgorithm;
        }

        var protections = challenge["qop"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (protections?.Contains("auth", StringComparer.OrdinalIgnoreCase) == false)
        {
            return DigestRefusal.OtherProtection;
        }

        // Servers of before RFC 2617 name no protection; RFC 3261 section 22.4 has them served.
        var stale = challenge["stale"]?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;
        answer = new Answer(algorithm, nonce, challenge["opaque"], protections is not null, stale);
        return DigestRefusal.None;
    }

    /// <summary>One challenge and how often it was answered.</summary>
    private sealed class Answer(DigestAlgorithm algorithm, string nonce, string? opaque, bool isProtected, bool isStale)
    {
        private uint _count;

        public DigestAlgorithm Algorithm => algorithm;

        public bool IsStale => isStale;

        public bool WasStale { get; set; }

        public string For(string method, string uri, SipCredentials credentials)
        {
            var number = (++_count).ToString("x8", CultureInfo.InvariantCulture);
            var clientNonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
            var response = DigestHash.Respond(
                algorithm, credentials.User, credentials.Realm!, credentials.Password, nonce, isProtected ? (number, clientNonce) : null, method, uri);
            var text = $"Digest username={SipSyntax.Quote(credentials.User)}, realm={SipSyntax.Quote(credentials.Realm!)}, nonce={SipSyntax.Quote(nonce)}, "
                + $"uri={SipSyntax.Quote(uri)}, response=\"{response}\", algorithm={DigestHash.NameOf(algorithm)}";
            text += isProtected ? $", qop=auth, nc={number}, cnonce=\"{clientNonce}\"" : "";
            return opaque is null ? text : $"{text}, opaque={SipSyntax.Quote(opaque)}";
        }
    }
}
