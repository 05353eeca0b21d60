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

    /// <summary>Name of the file that holds the bytes.</summary>
    internal string BlobName { get; init; } = "";

    /// <summary>SHA-256 of the bytes.</summary>
    internal byte[] Checksum { get; init; } = [];

    /// <summary>Structure tree with byte offsets and the envelope.</summary>
    public MimeEntity Structure => _structure ??= MimeJson.Deserialize(_structureJson.Span);

    /// <summary>Envelope of the message.</summary>
    public MimeEnvelope Envelope => Structure.Envelope ?? new MimeEnvelope();
}
