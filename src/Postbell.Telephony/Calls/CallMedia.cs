using System.Security.Cryptography;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Media;
using Postbell.Media.Sdp;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Calls;

/// <summary>
/// Offer and answer of one call, whoever made it: our side of the session description, and the media session that follows what was agreed. Used on the
/// executor of the call.
/// </summary>
internal sealed class CallMedia : IAsyncDisposable
{
    /// <summary>What is accepted in bodies.</summary>
    public const string SdpContentType = "application/sdp";

    private readonly SdpNegotiation _negotiation;
    private readonly bool _symmetric;
    private bool _started;

    /// <summary>Describes one call.</summary>
    /// <param name="session">Its media.</param>
    /// <param name="plan">Whose rules hold.</param>
    /// <param name="gateway">The peer.</param>
    /// <param name="transport">What signalling goes over.</param>
    /// <param name="voice">Codecs, unless the gateway has its own.</param>
    public CallMedia(MediaSession session, DialPlan plan, Gateway gateway, SipTransport transport, SdpVoice voice)
    {
        Session = session;
        _symmetric = gateway.Symmetric;
        var security = new SdpSecurity
        {
            Mode = plan.VoipSecurity == VoipSecurity.Secured ? MediaSecurity.Required : gateway.MediaSecurity,
            MaySendKeys = gateway.AllowSdesOverClear || transport.IsEncrypted(),
        };
        voice = gateway.Codecs is { } codecs ? voice with { Codecs = codecs } : voice;
        _negotiation = new SdpNegotiation(session.LocalRtp, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 2, voice, security);
    }

    public MediaSession Session { get; }

    /// <summary>True while an offer of ours waits for its answer in an ACK.</summary>
    public bool AwaitsAnswer { get; private set; }

    /// <summary>Our answer to an offer; media follows it at once.</summary>
    public (ReadOnlyMemory<byte> Body, CallRejection? Rejection) Answer(ReadOnlyMemory<byte> offer)
    {
        var outcome = _negotiation.NegotiateAnswer(offer.Span);
        if (!outcome.IsAgreed)
        {
            return (default, SdpRefusal.Of(outcome.Rejection));
        }

        Follow(outcome.Audio);
        return (outcome.Audio.Body, null);
    }

    /// <summary>Our offer.</summary>
    public (ReadOnlyMemory<byte> Body, CallRejection? Rejection) Offer() => _negotiation.OfferObstacle is not SdpRejection.None and var obstacle
        ? (default, SdpRefusal.Of(obstacle))
        : (_negotiation.CreateOffer(), null);

    /// <summary>Our offer, whose answer comes with the ACK.</summary>
    public (ReadOnlyMemory<byte> Body, CallRejection? Rejection) OfferForAck()
    {
        var offer = Offer();
        AwaitsAnswer = offer.Rejection is null;
        return offer;
    }

    /// <summary>Takes the answer to our offer; media follows it at once. The reason when it cannot be used.</summary>
    public SdpRejection TakeAnswer(ReadOnlyMemory<byte> answer)
    {
        AwaitsAnswer = false;
        var outcome = _negotiation.AcceptAnswer(answer.Span);
        if (outcome.IsAgreed)
        {
            Follow(outcome.Audio);
        }

        return outcome.Rejection;
    }

    /// <summary>Hold, resume, another address or codec: re-INVITE, UPDATE or PRACK. A change that cannot be taken leaves the call as it was (RFC 3261 section 14.2).</summary>
    public void OnOffer(IncomingReinvite reinvite)
    {
        if (!reinvite.HasOffer && reinvite.IsUpdate)
        {
            // It only refreshes the target.
            reinvite.Accept(default, null);
            return;
        }

        var (body, refusal) = reinvite.HasOffer ? Answer(reinvite.Offer) : OfferForAck();
        if (refusal is null)
        {
            reinvite.Accept(body, SdpContentType);
        }
        else
        {
            reinvite.Reject(refusal.Status, refusal.Phrase);
        }
    }

    /// <summary>INFO brings keys; one without body only asks whether the call is still there.</summary>
    public void OnRequest(IncomingRequest request)
    {
        if (request.Request.Method == SipMethods.Subscribe)
        {
            // A subscription has a dialog of its own (RFC 6665 section 4.5).
            request.Respond(403, "Subscribe Outside Of A Call");
        }
        else if (request.Request.Method != SipMethods.Info)
        {
            request.Respond(405, "Method Not Allowed");
        }
        else if (request.Request.Body.IsEmpty)
        {
            request.Respond(200);
        }
        else if (!KeyReport.IsReport(request.Request.ContentType))
        {
            request.Respond(415, null, new SipHeader("Accept", KeyReport.ContentTypes));
        }
        else if (KeyReport.TryRead(request.Request.Body.Span, out var report))
        {
            Session.PressElsewhere(report.Key, report.Duration);
            request.Respond(200);
        }
        else
        {
            request.Respond(400, "Not A Key");
        }
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private void Follow(NegotiatedAudio audio)
    {
        if (_started)
        {
            Session.Update(audio);
            return;
        }

        _started = true;
        Session.Start(audio, _symmetric);
    }
}
