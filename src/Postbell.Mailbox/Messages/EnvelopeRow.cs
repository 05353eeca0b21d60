using Postbell.Mime;

namespace Postbell.Mailbox;

/// <summary>What sorting and threading need of a message.</summary>
/// <param name="Uid">UID.</param>
/// <param name="InternalDate">Internal date.</param>
/// <param name="Size">Octets.</param>
/// <param name="Envelope">Envelope with the fields asked for.</param>
public sealed record EnvelopeRow(uint Uid, DateTimeOffset InternalDate, long Size, MimeEnvelope Envelope);
