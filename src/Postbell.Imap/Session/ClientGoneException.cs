namespace Postbell.Imap.Session;

/// <summary>The client has closed the connection: the session ends.</summary>
internal sealed class ClientGoneException : IOException
{
    public ClientGoneException()
        : base("The client closed the connection.")
    {
    }
}
