namespace Postbell.Sip;

/// <summary>The application above an endpoint.</summary>
public interface ISipServer
{
    /// <summary>A call begins. Runs on <c>invite.Dialog.Executor</c>, once for each new INVITE.</summary>
    void OnInvite(IncomingInvite invite);

    /// <summary>A request outside of any dialog that is not INVITE (OPTIONS, SUBSCRIBE, NOTIFY, ...): answer it exactly once, from any thread.</summary>
    void OnRequest(IncomingRequest request);
}
