namespace Postbell.Bench.Load;

/// <summary>The requests of a call and what is read from the answers: no more SIP than a caller needs.</summary>
internal sealed class SipTexts(LoadOptions options, int localPort)
{
    private const string Prefix = "Call-ID: ";

    public string CallIdOf(int index) => $"{options.RunName}x{index}";

    public string Invite(Call call, int rtpPort)
    {
        var number = options.Numbers[call.Index % options.Numbers.Count];
        call.ToHeader = $"<sip:{number}@{options.Target}>";
        call.Contact = $"sip:{number}@{options.Target}";
        var body = $"v=0\r\no=bench {call.Index} 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {rtpPort} RTP/AVP 0 101\r\n" +
            "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";
        return Request(call, "INVITE", 1, $"Contact: <sip:bench@127.0.0.1:{localPort}>\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\nContent-Type: application/sdp\r\n", body);
    }

    public string Acknowledge(Call call, bool refused) => Request(call, "ACK", 1, "", "", refused ? "INVITE" : "ACK");

    public string Bye(Call call) => Request(call, "BYE", 2, "", "");

    /// <summary>The number of the call a message belongs to; -1 for another run's.</summary>
    public int IndexOf(string message)
    {
        var value = Header(message, Prefix);
        return value.StartsWith($"{options.RunName}x", StringComparison.Ordinal) && int.TryParse(value.AsSpan(options.RunName.Length + 1), out var index) ? index : -1;
    }

    public static int StatusOf(string message) => message.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? int.Parse(message.AsSpan(8, 3)) : 0;

    public static string Header(string message, string prefix)
    {
        var at = message.IndexOf($"\r\n{prefix}", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return "";
        }

        at += prefix.Length + 2;
        return message[at..message.IndexOf("\r\n", at, StringComparison.Ordinal)].Trim();
    }

    public static string ContactOf(string message)
    {
        var value = Header(message, "Contact: ");
        var from = value.IndexOf('<') + 1;
        var to = value.IndexOf('>');
        return to > from ? value[from..to] : value;
    }

    public static int AudioPortOf(string message)
    {
        var at = message.IndexOf("m=audio ", StringComparison.Ordinal);
        if (at < 0)
        {
            return 0;
        }

        at += "m=audio ".Length;
        return int.Parse(message.AsSpan(at, message.IndexOf(' ', at) - at));
    }

    public static string Answer(string request) =>
        $"SIP/2.0 200 OK\r\nVia: {Header(request, "Via: ")}\r\nFrom: {Header(request, "From: ")}\r\nTo: {Header(request, "To: ")}\r\n" +
        $"{Prefix}{Header(request, Prefix)}\r\nCSeq: {Header(request, "CSeq: ")}\r\nContent-Length: 0\r\n\r\n";

    private string Request(Call call, string method, int sequence, string more, string body, string? branch = null) =>
        $"{method} {call.Contact} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{localPort};branch=z9hG4bK{options.RunName}{call.Index}{branch ?? method}\r\nMax-Forwards: 70\r\n" +
        $"From: \"Bench {call.Index}\" <sip:+4930{call.Index:D7}@127.0.0.1:{localPort}>;tag=b{call.Index}\r\nTo: {call.ToHeader}\r\n{Prefix}{CallIdOf(call.Index)}\r\n" +
        $"CSeq: {sequence} {method}\r\n{more}Content-Length: {body.Length}\r\n\r\n{body}";
}
