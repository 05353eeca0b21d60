using Postbell.Core;
using Postbell.Directory;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Receiving;

namespace Postbell.Smtp.Session;

/// <summary>One message on its way in: envelope first, then its bytes.</summary>
internal sealed class MailTransaction(MailRequest mail, TraceId trace) : IDisposable
{
    public MailRequest Mail => mail;

    /// <summary>Names the message in headers, log and ledger.</summary>
    public TraceId Trace => trace;

    /// <summary>Everyone accepted so far, in their order: LMTP answers each.</summary>
    public List<AcceptedRecipient> Recipients { get; } = [];

    /// <summary>The bytes; null before DATA or the first BDAT.</summary>
    public IncomingMessage? Message { get; set; }

    /// <summary>What its headers say; known when they have come.</summary>
    public MessageHead Head { get; set; }

    /// <summary>What the text is decoded and checked with.</summary>
    public TextDecoder Text;

    /// <summary>What a chunk was refused with: the message is lost (RFC 3030 section 2).</summary>
    public Reply? Failed { get; set; }

    public void Dispose() => Message?.Dispose();
}

/// <summary>A recipient that was promised a reply.</summary>
/// <param name="Request">What the client said.</param>
/// <param name="Local">Whose mailbox it is; null for a group, and for one elsewhere.</param>
/// <param name="Group">The distribution group that has the address, or null.</param>
internal sealed record AcceptedRecipient(RcptRequest Request, MailRecipient? Local, MailGroup? Group = null)
{
    /// <summary>Everybody of this server who gets the message through this address.</summary>
    public IReadOnlyList<MailRecipient> People => Local is { } one ? [one] : Group?.Members ?? [];

    /// <summary>True when it goes to another server.</summary>
    public bool IsElsewhere => Local is null && Group is null;
}
