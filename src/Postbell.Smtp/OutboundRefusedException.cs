namespace Postbell.Smtp;

/// <summary>The outbound queue cannot take a message now: the client gets 452 and may try again.</summary>
public sealed class OutboundRefusedException(string message) : Exception(message);
