using System.Text;
using System.Text.RegularExpressions;

namespace Postbell.Interop.Tests.Network;

/// <summary>A SIP message with a session description in it, as a line rewrites it.</summary>
/// <param name="Text">All of it.</param>
public sealed partial record SipDatagram(string Text)
{
    private const string EndOfHead = "\r\n\r\n";

    /// <summary>Where the sender wants its audio; null without a session description.</summary>
    public int? AudioPort => Audio().Match(Text) is { Success: true } match ? int.Parse(match.Groups["port"].Value) : null;

    public static SipDatagram Parse(ReadOnlySpan<byte> datagram) => new(Encoding.UTF8.GetString(datagram));

    public SipDatagram WithAudioPort(int port) => WithBody(Audio().Replace(Body, $"m=audio {port} "));

    /// <summary>Without any telephone-event, which leaves its payload types out of the m= line too.</summary>
    public SipDatagram WithoutTelephoneEvents()
    {
        var payloads = TelephoneEvent().Matches(Body).Select(match => match.Groups["payload"].Value).ToHashSet();
        return WithBody(string.Concat(Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => Without(payloads, line))));
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(Text);

    private string Body => Text[(Text.IndexOf(EndOfHead, StringComparison.Ordinal) + EndOfHead.Length)..];

    private static string Without(HashSet<string> payloads, string line) =>
        line.StartsWith("m=audio ", StringComparison.Ordinal) ? string.Join(' ', line.Split(' ').Where((word, index) => index < 3 || !payloads.Contains(word))) + "\r\n"
        : payloads.Any(payload => line.StartsWith($"a=rtpmap:{payload} ", StringComparison.Ordinal) || line.StartsWith($"a=fmtp:{payload} ", StringComparison.Ordinal)) ? ""
        : line + "\r\n";

    private SipDatagram WithBody(string body)
    {
        var head = Text[..(Text.IndexOf(EndOfHead, StringComparison.Ordinal) + EndOfHead.Length)];
        return new SipDatagram(ContentLength().Replace(head, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}") + body);
    }

    [GeneratedRegex(@"m=audio (?<port>\d+) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Audio();

    [GeneratedRegex(@"a=rtpmap:(?<payload>\d+) telephone-event/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TelephoneEvent();

    [GeneratedRegex(@"^(Content-Length|l)[ \t]*:[ \t]*\d+", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ContentLength();
}
