using System.Globalization;
using System.Text;
using Postbell.Core;

namespace Postbell.Smtp.Receiving;

/// <summary>The header fields a server puts before what it takes: Return-Path and Received (RFC 5321 section 4.4).</summary>
internal static class TraceHeader
{
    /// <summary>The fields, each with its CRLF.</summary>
    /// <param name="returnPath">Sender of the envelope; null writes none (a message that goes on).</param>
    /// <param name="greeting">Name the client gave itself.</param>
    /// <param name="remote">Its address.</param>
    /// <param name="host">Our name.</param>
    /// <param name="protocol">WITH clause (RFC 3848, RFC 6531).</param>
    /// <param name="id">Names the message in our log.</param>
    /// <param name="recipient">The recipient when there is one only: several would tell each other.</param>
    /// <param name="at">Now.</param>
    public static string Write(
        string? returnPath, string greeting, string remote, string host, string protocol, TraceId id, string? recipient, DateTimeOffset at)
    {
        var text = new StringBuilder();
        if (returnPath is not null)
        {
            text.Append("Return-Path: <").Append(returnPath).Append(">\r\n");
        }

        text.Append("Received: from ").Append(greeting).Append(" ([").Append(Literal(remote)).Append("])\r\n\tby ").Append(host)
            .Append(" with ").Append(protocol).Append(" id ").Append(id);
        if (recipient is not null)
        {
            text.Append("\r\n\tfor <").Append(recipient).Append('>');
        }

        return text.Append(";\r\n\t").Append(Date(at)).Append("\r\n").ToString();
    }

    /// <summary>A date as RFC 5322 section 3.3 has it.</summary>
    public static string Date(DateTimeOffset at) =>
        at.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + at.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);

    private static string Literal(string remote) => remote.Contains(':', StringComparison.Ordinal) ? "IPv6:" + remote : remote;
}
