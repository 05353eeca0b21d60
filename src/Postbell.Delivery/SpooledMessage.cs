using Postbell.Core;

namespace Postbell.Delivery;

/// <summary>A message that is durable in the spool and waits for delivery.</summary>
/// <param name="Id">The call.</param>
/// <param name="Envelope">Its envelope.</param>
internal sealed record SpooledMessage(TraceId Id, MessageEnvelope Envelope);
