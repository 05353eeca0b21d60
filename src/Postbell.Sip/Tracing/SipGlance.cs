using System.Buffers.Text;

namespace Postbell.Sip.Tracing;

/// <summary>The little of a message that a trace needs to know, read from its bytes whatever they are; what cannot be found is empty or 0.</summary>
internal readonly ref struct SipGlance
{
    private SipGlance(ReadOnlySpan<byte> firstLine, ReadOnlySpan<byte> callId, ReadOnlySpan<byte> cseqMethod, ReadOnlySpan<byte> contentType)
    {
        FirstLine = firstLine;
        CallId = callId;
        CSeqMethod = cseqMethod;
        ContentType = contentType;
    }

    /// <summary>Without its line break.</summary>
    public ReadOnlySpan<byte> FirstLine { get; }

    public ReadOnlySpan<byte> CallId { get; }

    public ReadOnlySpan<byte> CSeqMethod { get; }

    public ReadOnlySpan<byte> ContentType { get; }

    /// <summary>Status of a response, 0 for anything else.</summary>
    public int Status => FirstLine.StartsWith("SIP/2.0 "u8) && FirstLine.Length >= 11 && Utf8Parser.TryParse(FirstLine.Slice(8, 3), out int status, out var used) && used == 3 ? status : 0;

    /// <summary>First word of a request.</summary>
    public ReadOnlySpan<byte> Method => Status == 0 && FirstLine.IndexOf((byte)' ') is > 0 and var end ? FirstLine[..end] : [];

    public static SipGlance Read(ReadOnlySpan<byte> message)
    {
        var first = NextLine(ref message);
        ReadOnlySpan<byte> callId = [], method = [], type = [];
        while (!message.IsEmpty)
        {
            var line = NextLine(ref message);
            if (line.IsEmpty)
            {
                break;
            }

            switch (line[0] | 0x20)
            {
                case 'c' when callId.IsEmpty && ValueOf(line, "call-id"u8) is { IsEmpty: false } value:
                    callId = value;
                    break;
                case 'i' when callId.IsEmpty && ValueOf(line, "i"u8) is { IsEmpty: false } value:
                    callId = value;
                    break;
                case 'c' when method.IsEmpty && ValueOf(line, "cseq"u8) is { IsEmpty: false } value:
                    method = value[(value.LastIndexOfAny((byte)' ', (byte)'\t') + 1)..];
                    break;
                case 'c' when type.IsEmpty && (ValueOf(line, "content-type"u8) is { IsEmpty: false } value || !(value = ValueOf(line, "c"u8)).IsEmpty):
                    type = value;
                    break;
            }
        }

        return new SipGlance(first, callId, method, type);
    }

    /// <summary>Where the body begins; the length of the message when it has none.</summary>
    public static int BodyOffset(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf("\r\n\r\n"u8);
        return end < 0 ? message.Length : end + 4;
    }

    /// <summary>Value of a header line with this lower-case name; empty for another.</summary>
    public static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        IsNamed(line, name) ? line[(line.IndexOf((byte)':') + 1)..].Trim(" \t"u8) : [];

    /// <summary>True for a header line with this lower-case name.</summary>
    public static bool IsNamed(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name) && line[name.Length..].TrimStart(" \t"u8) is [(byte)':', ..];

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }
}
