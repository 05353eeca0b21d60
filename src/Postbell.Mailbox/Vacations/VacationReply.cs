using Postbell.Core;

namespace Postbell.Mailbox;

/// <summary>A reply that is to be sent with an empty envelope sender (RFC 3834 section 3.3).</summary>
/// <param name="Id">Names it in headers and ledger; no two have the same.</param>
/// <param name="Message">The message.</param>
public sealed record VacationReply(TraceId Id, ReadOnlyMemory<byte> Message);
