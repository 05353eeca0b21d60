using Postbell.Mailbox.Messages;
using Postbell.Mime;

namespace Postbell.Mailbox;

/// <summary>Everything the store knows of a message without its bytes. The structure was computed once, when the message came in.</summary>
public sealed class StoredMessage
{
    private readonly ReadOnlyMemory<byte> _structureJson;
    private MimeEntity? _structure;

    internal StoredMessage(ReadOnlyMemory<byte> structureJson) => _structureJson = structureJson;

    /// <summary>UID.</summary>
    public required uint Uid { get; init; }

    /// <summary>Flags.</summary>
    public required MessageFlags Flags { get; init; }

    /// <summary>MODSEQ.</summary>
    public required long ModSeq { get; init; }

    /// <summary>Internal date.</summary>
    public required DateTimeOffset InternalDate { get; init; }

    /// <summary>Octets.</summary>
    public required long Size { get; init; }

    /// <summary>Kind.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>Importance.</summary>
    public required MessageImportance Importance { get; init; }

    /// <summary>Sensitivity.</summary>
    public required MessageSensitivity Sensitivity { get; init; }

    /// <summary>Number of the caller of a voice message, fax or missed call; null when unknown.</summary>
    public required string? CallerNumber { get; init; }

    /// <summary>Name of the caller from the network; null when unknown. Untrusted text.</summary>
    public required string? CallerName { get; init; }

    /// <summary>Length of a voice message; null for everything else.</summary>
    public required TimeSpan? VoiceDuration { get; init; }

    /// <summary>Number of the content, shared by copies of the message within the account. It never changes and is never used again.</summary>
    public required long ContentId { get; init; }

    /// <summary>EMAILID (RFC 8474): the same for every copy of the message within the account.</summary>
    public string EmailId => ObjectIds.Email(AccountId, ContentId);

    /// <summary>THREADID (RFC 8474): the conversation. Null while a message stored by an older version has not been looked through.</summary>
    public string? ThreadId => ThreadNumber is { } thread ? ObjectIds.Thread(AccountId, thread) : null;

    /// <summary>SAVEDATE (RFC 8514): when the message came into this folder; null when an older version put it there.</summary>
    public required DateTimeOffset? SavedAt { get; init; }

    /// <summary>The first words (RFC 8970), at most 200 characters, empty when there are none; null while they are not known: see <see cref="MailboxView.ReadPreviewAsync"/>.</summary>
    public required string? Preview { get; init; }

    /// <summary>The account.</summary>
    internal long AccountId { get; init; }

    /// <summary>Number behind <see cref="ThreadId"/>.</summary>
    internal long? ThreadNumber { get; init; }

    /// <summary>Name of the file that holds the bytes.</summary>
    internal string BlobName { get; init; } = "";

    /// <summary>SHA-256 of the bytes.</summary>
    internal byte[] Checksum { get; init; } = [];

    /// <summary>Structure tree with byte offsets and the envelope.</summary>
    public MimeEntity Structure => _structure ??= MimeJson.Deserialize(_structureJson.Span);

    /// <summary>Envelope of the message.</summary>
    public MimeEnvelope Envelope => Structure.Envelope ?? new MimeEnvelope();
}
