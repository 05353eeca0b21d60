namespace Postbell.Interop.Tests.Phone;

/// <summary>The server answered the INVITE with something else than 200.</summary>
public sealed class CallRefusedException(SipText answer) : Exception(answer.StartLine)
{
    public int Status => answer.Status;
}
