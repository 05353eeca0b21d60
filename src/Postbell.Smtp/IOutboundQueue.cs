namespace Postbell.Smtp;

/// <summary>Where submitted messages go whose recipients are elsewhere.</summary>
public interface IOutboundQueue
{
    /// <summary>Takes a message for recipients of other servers. When the task ends well, it survives any crash.</summary>
    /// <param name="envelope">Who sends to whom, and how.</param>
    /// <param name="content">The whole message, CRLF line ends; to be read only until the task ends.</param>
    /// <param name="ct">Ends the waiting; what was taken stays taken.</param>
    /// <returns>Name of the entry, for the reply to the client.</returns>
    /// <exception cref="OutboundRefusedException">The queue cannot take it now; the client may try again.</exception>
    Task<string> EnqueueAsync(OutboundEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken ct);
}
