using Postbell.Core;
using Postbell.Media.Srtp;

namespace Postbell.Media.Sdp;

/// <summary>The keys of one call through all its offers and answers (RFC 4568). A key of ours is kept while the peer keeps its own, and new when it brings a new one.</summary>
internal sealed class SdpKeyAgreement(SdpSecurity security)
{
    private SrtpKeys? _current;
    private SdpCrypto[] _offered = [];

    /// <summary>Why an offer of ours cannot be made.</summary>
    public SdpRejection OfferObstacle => OffersKeys ? security.Obstacle : SdpRejection.None;

    private bool OffersKeys => security.Mode == MediaSecurity.Required || _current is not null;

    /// <summary>Chooses a key of an offered stream. Changes nothing: <see cref="Commit"/> does.</summary>
    /// <returns>The line to answer with and the keys, both null in clear; or why the stream cannot be taken.</returns>
    public SdpRejection Choose(SdpMedia media, out SdpCrypto? answer, out SrtpKeys? keys)
    {
        answer = null;
        keys = null;
        var isSecure = IsSecure(media);
        var obstacle = security.Obstacle;
        var crypto = obstacle == SdpRejection.None ? media.Cryptos.Find(c => security.Suites.Contains(c.Key.Suite)) : null;
        if (crypto is null)
        {
            if (isSecure)
            {
                return obstacle == SdpRejection.None ? SdpRejection.NoUsableKey : obstacle;
            }

            return security.Mode != MediaSecurity.Required ? SdpRejection.None
                : obstacle == SdpRejection.SecurityUnavailable ? obstacle : SdpRejection.SecurityRequired;
        }

        var own = _current is { } current && current.Inbound.Equals(crypto.Key) ? current.Outbound : SrtpKey.Random(crypto.Key.Suite);
        answer = new SdpCrypto(crypto.Tag, own);
        keys = new SrtpKeys(crypto.Key, own);
        return SdpRejection.None;
    }

    /// <summary>What was agreed is what holds from now on.</summary>
    public void Commit(SrtpKeys? keys) => _current = keys;

    /// <summary>The keys of an offer of ours; none for an offer in clear.</summary>
    public IReadOnlyList<SdpCrypto> Offer()
    {
        _offered = OffersKeys
            ? [.. security.Suites.Select((suite, i) => new SdpCrypto(i + 1, _current?.Outbound.Suite == suite ? _current.Outbound : SrtpKey.Random(suite)))]
            : [];
        return _offered;
    }

    /// <summary>Takes the peer's answer to our offer: one of the offered lines by its number, with a key of the same suite.</summary>
    public SdpRejection Accept(SdpMedia media, out SrtpKeys? keys)
    {
        keys = null;
        if (IsSecure(media) != _offered.Length > 0)
        {
            return SdpRejection.AnswerMismatch;
        }

        if (_offered.Length == 0)
        {
            return SdpRejection.None;
        }

        if (media.Cryptos is not [var theirs] || Array.Find(_offered, o => o.Tag == theirs.Tag) is not { } ours || ours.Key.Suite != theirs.Key.Suite)
        {
            return SdpRejection.NoUsableKey;
        }

        keys = new SrtpKeys(theirs.Key, ours.Key);
        return SdpRejection.None;
    }

    private static bool IsSecure(SdpMedia media) => media.Transport.Equals(SdpComposer.SecureTransport, StringComparison.OrdinalIgnoreCase);
}
