namespace Postbell.Mime;

/// <summary>Fields of an envelope, for those who need a few of very many messages.</summary>
[Flags]
public enum EnvelopeFields
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="MimeEnvelope.Date"/>.</summary>
    Date = 1,

    /// <summary><see cref="MimeEnvelope.Subject"/>.</summary>
    Subject = 2,

    /// <summary><see cref="MimeEnvelope.From"/>.</summary>
    From = 4,

    /// <summary><see cref="MimeEnvelope.To"/>.</summary>
    To = 8,

    /// <summary><see cref="MimeEnvelope.Cc"/>.</summary>
    Cc = 16,

    /// <summary><see cref="MimeEnvelope.MessageId"/>, <see cref="MimeEnvelope.InReplyTo"/> and <see cref="MimeEnvelope.References"/>.</summary>
    Ids = 32,
}
