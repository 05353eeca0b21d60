using System.Text;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.CallRouting;

/// <summary>Whether a call is protected as its dial plan demands (reference 1.10). Pure.</summary>
public static class CallSecurity
{
    /// <summary>Null when it is; else the refusal, which names both sides of the mismatch.</summary>
    public static CallRejection? Problem(DialPlan plan, Gateway gateway, SipPeer peer, SipRequest invite)
    {
        var overTls = peer.Transport.IsEncrypted();
        if (invite.RequestUri.Scheme == "sips" && !overTls)
        {
            return CallRejection.SecurityMismatch("The call was addressed by sips, but came without TLS");
        }

        if (plan.VoipSecurity == VoipSecurity.Unsecured && overTls)
        {
            return CallRejection.SecurityMismatch("The dial plan is Unsecured, but the call came over TLS");
        }

        if (!plan.VoipSecurity.DemandsCertificate())
        {
            return null;
        }

        if (!overTls)
        {
            return CallRejection.SecurityMismatch($"The dial plan is {NameOf(plan)}, but the call came without TLS");
        }

        if (gateway.Address.HostName is not { } name || peer.Identity?.Covers(name) != true)
        {
            return CallRejection.SecurityMismatch($"The dial plan is {NameOf(plan)}, but the gateway is not known by its certificate");
        }

        return plan.VoipSecurity == VoipSecurity.Secured && !OffersSrtp(invite)
            ? CallRejection.SecurityMismatch("The dial plan is Secured, but the call offers no SRTP")
            : null;
    }

    private static string NameOf(DialPlan plan) => plan.VoipSecurity == VoipSecurity.SipSecured ? "SIPSecured" : plan.VoipSecurity.ToString();

    // "m=audio 4000 RTP/SAVP 0": the profile says it; what the keys are worth is found out later, and so is all of it where the offer is ours.
    private static bool OffersSrtp(SipRequest invite) =>
        invite.SessionDescription.IsEmpty
        || Encoding.UTF8.GetString(invite.SessionDescription.Span).Split('\n')
                .Any(line => line.StartsWith("m=audio ", StringComparison.Ordinal) && line.Contains(" RTP/SAVP", StringComparison.Ordinal));
}
