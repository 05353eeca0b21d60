using Postbell.Sip.Messages;

namespace Postbell.Sip;

/// <summary>What happens to a call we make; all on its executor.</summary>
public interface IOutgoingInviteEvents : ISipDialogEvents
{
    /// <summary>
    /// A provisional response above 100. A session description in it is early media: the answer to our offer, which later answers of the same
    /// To tag repeat.
    /// </summary>
    void OnProvisional(SipResponse response);

    /// <summary>The call goes to another address now, as a 3xx response asked.</summary>
    void OnRedirected(SipUri target)
    {
    }

    /// <summary>The call was answered. The ACK leaves when this returns, if the INVITE held an offer; else with <see cref="OutgoingInvite.Acknowledge"/>.</summary>
    void OnAnswered(SipDialog dialog, SipResponse response);

    /// <summary>The call failed: a final response above 299, or a local 408, 487 or 503. No further event follows.</summary>
    void OnFailed(SipResponse response);
}
