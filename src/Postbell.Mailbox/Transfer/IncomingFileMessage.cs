namespace Postbell.Mailbox.Transfer;

/// <summary>A message read from files: its bytes in a spool, and what the files say about it.</summary>
internal sealed class IncomingFileMessage(MessageSpool spool, string place) : IDisposable
{
    /// <summary>The bytes.</summary>
    public MessageSpool Spool { get; } = spool;

    /// <summary>Where it was found, for reports.</summary>
    public string Place { get; } = place;

    public SystemFlags Flags { get; set; }

    public List<string> Keywords { get; } = [];

    public DateTimeOffset? Date { get; set; }

    /// <summary>Adds bytes. NUL, which no mail client can be given, becomes 0x80 as other servers do it.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)0) is >= 0 and var at)
        {
            Spool.Write(bytes[..at]);
            Spool.Write([0x80]);
            bytes = bytes[(at + 1)..];
        }

        Spool.Write(bytes);
    }

    /// <summary>Its flags as the store takes them: keywords that are none are dropped.</summary>
    public MessageFlags ReadFlags()
    {
        var flags = new MessageFlags(Flags);
        foreach (var keyword in Keywords.Take(100))
        {
            try
            {
                flags = flags.With(MessageFlags.Parse([keyword.StartsWith('\\') ? "" : keyword]));
            }
            catch (MailboxException refused) when (refused.Reason == MailboxFailure.InvalidFlag)
            {
                continue;
            }
        }

        return flags;
    }

    public void Dispose() => Spool.Dispose();
}
