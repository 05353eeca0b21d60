namespace Postbell.Mailbox.Storage.Blobs;

/// <summary>What is found where a blob should be.</summary>
internal enum BlobCondition
{
    /// <summary>The bytes match their checksum.</summary>
    Sound,

    /// <summary>There is no file, or it cannot be opened.</summary>
    Missing,

    /// <summary>Its length or its bytes are wrong, or it cannot be read.</summary>
    Damaged,
}
