namespace Postbell.Delivery;

/// <summary>Hands a message to the organization's mail system.</summary>
public interface IMailRelay
{
    /// <summary>Hands a message over; when the task has ended well the other system has it. Returns its answer.</summary>
    /// <param name="recipient">Address of the person.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="DeliveryRefusedException">It will never be taken. Every other exception means: try again later.</exception>
    Task<string> SendAsync(string recipient, ReadOnlyMemory<byte> message, CancellationToken cancellation);
}
