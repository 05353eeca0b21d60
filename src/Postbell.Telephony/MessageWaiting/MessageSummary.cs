using System.Globalization;
using System.Text;

namespace Postbell.Telephony.MessageWaiting;

/// <summary>
/// The body of a message-summary notification (RFC 3842 section 5.2): counts of voice messages in the classic order that phones read by text.
/// </summary>
/// <param name="Account">Message-Account URI, for instance <c>sip:1001@pbx.example.com</c>.</param>
/// <param name="New">Unheard messages.</param>
/// <param name="Old">Heard messages.</param>
/// <param name="UrgentNew">Unheard messages of high importance; part of <paramref name="New"/>.</param>
/// <param name="UrgentOld">Heard messages of high importance; part of <paramref name="Old"/>.</param>
public sealed record MessageSummary(string Account, int New, int Old, int UrgentNew, int UrgentOld)
{
    /// <summary>Content-Type of the body.</summary>
    public const string ContentType = "application/simple-message-summary";

    /// <summary>Event package name.</summary>
    public const string EventPackage = "message-summary";

    /// <summary>The body as sent: ASCII, CRLF line ends.</summary>
    public ReadOnlyMemory<byte> ToBody() => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"Messages-Waiting: {(New > 0 ? "yes" : "no")}\r\nMessage-Account: {Account}\r\nVoice-Message: {New}/{Old} ({UrgentNew}/{UrgentOld})\r\n"));
}
