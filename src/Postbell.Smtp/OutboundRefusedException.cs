namespace Postbell.Smtp;

/// <summary>A message for other servers was not taken.</summary>
/// <param name="message">Why.</param>
/// <param name="isForever">True when it will never be taken; else the client may try again.</param>
public sealed class OutboundRefusedException(string message, bool isForever = false) : Exception(message)
{
    /// <summary>It will never be taken.</summary>
    public bool IsForever { get; } = isForever;
}
