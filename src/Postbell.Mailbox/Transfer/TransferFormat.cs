namespace Postbell.Mailbox;

/// <summary>How messages lie in files.</summary>
public enum TransferFormat
{
    /// <summary>One file for each folder, messages one after the other (mbox with quoted "From " lines, the form called mboxrd).</summary>
    Mbox,

    /// <summary>One file for each message, folders as Maildir++ names them.</summary>
    Maildir,
}

/// <summary>What an export wrote.</summary>
/// <param name="Folders">Folders.</param>
/// <param name="Messages">Messages.</param>
/// <param name="Octets">Their octets in the store.</param>
/// <param name="Damaged">Messages that could not be written because their bytes are damaged, by folder and UID.</param>
public sealed record ExportResult(int Folders, long Messages, long Octets, IReadOnlyList<string> Damaged);

/// <summary>What an import took.</summary>
/// <param name="Folders">Folders that got messages.</param>
/// <param name="Imported">Messages taken.</param>
/// <param name="Present">Messages that were in their folder already, with the same bytes and date.</param>
/// <param name="Refused">What was not taken, and why; at most the first 1000.</param>
public sealed record ImportResult(int Folders, long Imported, long Present, IReadOnlyList<string> Refused);
