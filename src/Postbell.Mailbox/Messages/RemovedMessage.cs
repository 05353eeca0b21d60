using Postbell.Mime;

namespace Postbell.Mailbox;

/// <summary>A message that was removed and can be brought back.</summary>
/// <param name="Id">Number within the account; never used again.</param>
/// <param name="Folder">Folder it was in, by its name then.</param>
/// <param name="Flags">Its flags, without <c>\Deleted</c>.</param>
/// <param name="InternalDate">Its internal date.</param>
/// <param name="Size">Octets.</param>
/// <param name="Kind">Kind.</param>
/// <param name="RemovedAt">When it was removed.</param>
/// <param name="Envelope">Subject and sender.</param>
public sealed record RemovedMessage(
    long Id, string Folder, MessageFlags Flags, DateTimeOffset InternalDate, long Size, MessageKind Kind, DateTimeOffset RemovedAt, MimeEnvelope Envelope);

/// <summary>A removed message that is back.</summary>
/// <param name="Id">Its number among the removed ones.</param>
/// <param name="Folder">Folder it lies in now.</param>
/// <param name="Uid">UID it has there.</param>
public sealed record UndeletedMessage(long Id, string Folder, uint Uid);
