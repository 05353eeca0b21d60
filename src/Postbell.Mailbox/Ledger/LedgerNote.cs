using Postbell.Core;

namespace Postbell.Mailbox;

/// <summary>A step of a message that is written into the ledger together with the message, or not at all.</summary>
/// <param name="Trace">The message.</param>
/// <param name="Stage">Name of the step.</param>
/// <param name="Detail">One line for a person; folder and UID are put behind it.</param>
public sealed record LedgerNote(TraceId Trace, string Stage, string Detail);
