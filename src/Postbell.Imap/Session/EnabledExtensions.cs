namespace Postbell.Imap.Session;

/// <summary>Extensions that change what a client is told, and so must be asked for (RFC 5161).</summary>
[Flags]
internal enum ImapExtensions
{
    None = 0,

    /// <summary>MODSEQ stands in every FETCH answer about flags (RFC 7162 section 3.1).</summary>
    CondStore = 1,

    /// <summary>VANISHED takes the place of EXPUNGE, and FETCH answers name the UID (RFC 7162 section 3.2).</summary>
    QResync = 2,

    /// <summary>Mailbox names and quoted strings are UTF-8 both ways (RFC 6855).</summary>
    Utf8Accept = 4,

    /// <summary>The answers of IMAP4rev2 (RFC 9051): no \Recent, ESEARCH for SEARCH, names in UTF-8.</summary>
    Imap4Rev2 = 8,
}

/// <summary>What one client has enabled. It stays so until the connection ends.</summary>
internal sealed class EnabledExtensions
{
    private ImapExtensions _enabled;

    public bool CondStore => Has(ImapExtensions.CondStore);

    public bool QResync => Has(ImapExtensions.QResync);

    public bool Utf8Accept => Has(ImapExtensions.Utf8Accept);

    public bool Imap4Rev2 => Has(ImapExtensions.Imap4Rev2);

    /// <summary>True when mailbox names and quoted strings are UTF-8 both ways.</summary>
    public bool Utf8Names => Utf8Accept || Imap4Rev2;

    /// <summary>Enables; false when it was enabled already. QRESYNC brings CONDSTORE with it.</summary>
    public bool Add(ImapExtensions extension)
    {
        var before = _enabled;
        _enabled |= extension == ImapExtensions.QResync ? extension | ImapExtensions.CondStore : extension;
        return !before.HasFlag(extension);
    }

    private bool Has(ImapExtensions extension) => (_enabled & extension) != 0;
}
