namespace Postbell.Delivery;

/// <summary>A message that is in its mailbox now.</summary>
/// <param name="Envelope">Its envelope as delivered.</param>
/// <param name="Receipt">Where it is.</param>
public sealed record DeliveredMessage(MessageEnvelope Envelope, CommitReceipt Receipt);
