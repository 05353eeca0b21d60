using System.Diagnostics.CodeAnalysis;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>One Via value (RFC 3261 section 20.42): the way a request took and its response takes back.</summary>
/// <param name="Transport">Upper-case transport name as written: UDP, TCP, TLS, SCTP, or one we do not know.</param>
/// <param name="Host">Sent-by host, IPv6 without brackets.</param>
/// <param name="Port">Sent-by port, or null.</param>
/// <param name="Parameters">Parameters such as branch, received and rport.</param>
public sealed record SipVia(string Transport, string Host, int? Port, SipParameters Parameters)
{
    /// <summary>First characters of every branch made by RFC 3261 rules.</summary>
    public const string MagicCookie = "z9hG4bK";

    /// <summary>The branch parameter, or null.</summary>
    public string? Branch => Parameters["branch"];

    /// <summary>True when the branch names the transaction: it has the magic cookie and something behind it.</summary>
    public bool HasUniqueBranch =>
        Branch is { } branch && branch.Length > MagicCookie.Length && branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sent-by in comparable form: lower-case host and explicit port.</summary>
    public string SentBy => $"{Host.ToLowerInvariant()}:{Port ?? (Transport is "TLS" or "WSS" ? 5061 : 5060)}";

    /// <summary>Reads one value (no comma list).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SipVia? via)
    {
        via = null;
        text = text.Trim(" \t");
        if (!TryTakeToken(ref text, out var name) || !TryTakeSlash(ref text) || !TryTakeToken(ref text, out var version)
            || !TryTakeSlash(ref text) || !TryTakeToken(ref text, out var transport)
            || !name.Equals("SIP", StringComparison.OrdinalIgnoreCase) || !version.SequenceEqual("2.0")
            || text.IsEmpty || text[0] is not (' ' or '\t'))
        {
            return false;
        }

        text = text.TrimStart(" \t");
        var semicolon = text.IndexOf(';');
        var sentBy = (semicolon < 0 ? text : text[..semicolon]).TrimEnd(" \t");
        if (!SipUri.TryParseHostPort(sentBy, out var host, out var port)
            || !SipParameters.TryParse(semicolon < 0 ? [] : text[semicolon..], out var parameters))
        {
            return false;
        }

        via = new SipVia(KnownTransport(transport), host, port, parameters);
        return true;
    }

    /// <summary>The wire form.</summary>
    public override string ToString()
    {
        var host = SipUri.FormatHost(Host);
        return Port is { } port ? $"SIP/2.0/{Transport} {host}:{port}{Parameters}" : $"SIP/2.0/{Transport} {host}{Parameters}";
    }

    private static bool TryTakeToken(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> token)
    {
        var end = text.IndexOfAny("/ \t");
        end = end < 0 ? text.Length : end;
        token = text[..end];
        text = text[end..];
        return SipSyntax.IsToken(token);
    }

    private static bool TryTakeSlash(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart(" \t");
        if (!text.StartsWith("/"))
        {
            return false;
        }

        text = text[1..].TrimStart(" \t");
        return true;
    }

    private static string KnownTransport(ReadOnlySpan<char> name) =>
        name.Equals("UDP", StringComparison.OrdinalIgnoreCase) ? "UDP"
        : name.Equals("TCP", StringComparison.OrdinalIgnoreCase) ? "TCP"
        : name.ToString().ToUpperInvariant();
}
