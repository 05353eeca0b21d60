using Postbell.Core;

namespace Postbell.Mailbox;

/// <summary>One step in the life of a message.</summary>
/// <param name="TraceId">The call or message.</param>
/// <param name="Sequence">Order within the trace, from 1.</param>
/// <param name="At">When.</param>
/// <param name="Stage">Name of the step.</param>
/// <param name="Detail">One line for a person; may be empty.</param>
public sealed record LedgerRow(TraceId TraceId, int Sequence, DateTimeOffset At, string Stage, string Detail);
