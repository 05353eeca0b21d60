namespace Postbell.TestKit;

/// <summary>A message that an <see cref="SmtpSink"/> took.</summary>
/// <param name="From">The MAIL command.</param>
/// <param name="To">The RCPT commands that were accepted.</param>
/// <param name="Content">The content, dots undone.</param>
/// <param name="IsProtected">It came within TLS.</param>
public sealed record SinkMessage(string From, IReadOnlyList<string> To, byte[] Content, bool IsProtected)
{
    public string Text => System.Text.Encoding.Latin1.GetString(Content);
}
