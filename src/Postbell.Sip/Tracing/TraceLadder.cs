using System.Globalization;
using System.Net;
using System.Text;

namespace Postbell.Sip.Tracing;

/// <summary>
/// Draws a trace for people: who sent what to whom and when, as arrows between columns, and on demand every message whole. What peers chose is shown
/// escaped, so nothing they send can move a cursor or forge a line.
/// </summary>
public static class TraceLadder
{
    private const int TimeWidth = 12;
    private const int ColumnWidth = 40;
    private const int MostPeers = 4;
    private const int LongestSummary = 120;

    /// <summary>The ladder as text, lines ended by a line feed.</summary>
    /// <param name="trace">What to draw.</param>
    /// <param name="messages">True to write every message below it.</param>
    public static string Draw(CallTraceSnapshot trace, bool messages)
    {
        var text = new StringBuilder();
        WriteFacts(text, trace);
        if (trace.Messages.Count == 0)
        {
            return text.Append("no message was kept\n").ToString();
        }

        var peers = trace.Messages.Select(m => m.Remote).Distinct().Take(MostPeers).ToList();
        WriteHeading(text, peers);
        for (var i = 0; i < trace.Messages.Count; i++)
        {
            WriteArrow(text, trace.Messages[i], trace.BeganAt, peers, IsRepeated(trace.Messages, i));
        }

        if (messages)
        {
            WriteMessages(text, trace.Messages);
        }

        return text.ToString();
    }

    /// <summary>What a message is, in one line: method and address, or status, reason and method; then the type of its body.</summary>
    public static string Summarize(TracedMessage message)
    {
        var glance = SipGlance.Read(message.Bytes.Span);
        var text = new StringBuilder();
        var first = glance.FirstLine;
        if (glance.Status != 0)
        {
            TraceText.Append(text, first[8..], LongestSummary);
            text.Append(" (");
            TraceText.Append(text, glance.CSeqMethod, 20);
            text.Append(')');
        }
        else
        {
            TraceText.Append(text, first.EndsWith(" SIP/2.0"u8) ? first[..^8] : first, LongestSummary);
        }

        if (!glance.ContentType.IsEmpty && SipGlance.BodyOffset(message.Bytes.Span) < message.Length)
        {
            text.Append(" [");
            TraceText.Append(text, glance.ContentType.StartsWith("application/"u8) ? glance.ContentType[12..] : glance.ContentType, 30);
            text.Append(']');
        }

        return text.ToString();
    }

    private static void WriteFacts(StringBuilder text, CallTraceSnapshot trace)
    {
        text.Append(CultureInfo.InvariantCulture, $"call     {trace.Id}\n");
        text.Append(CultureInfo.InvariantCulture, $"Call-ID  {TraceText.Of(trace.CallId)}\n");
        text.Append(CultureInfo.InvariantCulture, $"began    {trace.BeganAt.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff} UTC\n");
        text.Append(CultureInfo.InvariantCulture, $"state    {(trace.Failure is { } why ? "failed: " + TraceText.Of(why) : trace.HasEnded ? "ended" : "running")}\n");
        foreach (var note in trace.Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"note     {TraceText.Of(note)}\n");
        }

        if (trace.MessageCount != trace.Messages.Count)
        {
            text.Append(CultureInfo.InvariantCulture, $"kept     {trace.Messages.Count} of {trace.MessageCount} messages\n");
        }

        text.Append('\n');
    }

    // The first peer stands left of us, the others to the right.
    private static int ColumnOf(int peer) => peer == 0 ? 0 : peer + 1;

    private static int At(int column) => TimeWidth + 2 + (column * ColumnWidth);

    private static void WriteHeading(StringBuilder text, List<IPEndPoint> peers)
    {
        var line = new StringBuilder("TIME".PadLeft(TimeWidth));
        for (var column = 0; column <= peers.Count; column++)
        {
            var name = column == 1 ? "Postbell" : peers[column == 0 ? 0 : column - 1].ToString();
            line.Append(' ', Math.Max(2, At(column) - (column == 0 ? 0 : name.Length / 2) - line.Length)).Append(name);
        }

        text.Append(line).Append('\n');
    }

    private static void WriteArrow(StringBuilder text, TracedMessage message, DateTimeOffset beganAt, List<IPEndPoint> peers, bool again)
    {
        var peer = peers.IndexOf(message.Remote);
        var other = At(ColumnOf(peer < 0 ? peers.Count - 1 : peer));
        var (left, right) = (Math.Min(other, At(1)), Math.Max(other, At(1)));
        var line = new string(' ', At(Math.Max(1, peers.Count)) + 1).ToCharArray();
        for (var column = 0; column <= peers.Count; column++)
        {
            line[At(column)] = '|';
        }

        line.AsSpan((left + 1)..right).Fill('-');
        var toRight = (message.Direction == SipDirection.Sent) == (right == other);
        line[toRight ? right - 1 : left + 1] = toRight ? '>' : '<';
        var time = ((message.At - beganAt).TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture) + " ms").PadLeft(TimeWidth);
        text.Append(time).Append(line, TimeWidth, line.Length - TimeWidth);
        text.Append("  ").Append(Summarize(message));
        text.Append(message.Transport == SipTransport.Udp ? "" : $" {message.Transport.ToString().ToUpperInvariant()}");
        text.Append(again ? " (again)" : "").Append(message.IsCut ? " (cut)" : "").Append('\n');
    }

    private static bool IsRepeated(IReadOnlyList<TracedMessage> messages, int index)
    {
        var message = messages[index];
        for (var i = 0; i < index; i++)
        {
            if (messages[i].Direction == message.Direction && messages[i].Length == message.Length && messages[i].Bytes.Span.SequenceEqual(message.Bytes.Span))
            {
                return true;
            }
        }

        return false;
    }

    private static void WriteMessages(StringBuilder text, IReadOnlyList<TracedMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            text.Append(CultureInfo.InvariantCulture, $"\n#{i + 1}  {message.At.UtcDateTime:HH:mm:ss.ffffff}  {message.Source} -> {message.Destination}  {message.Transport.ToString().ToUpperInvariant()}  {message.Length} bytes");
            text.Append(message.IsCut ? string.Create(CultureInfo.InvariantCulture, $", the first {message.Bytes.Length} of them kept\n") : "\n");
            WriteLines(text, message.Bytes.Span);
        }
    }

    private static void WriteLines(StringBuilder text, ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf("\r\n"u8);
            text.Append("    ");
            TraceText.Append(text, end < 0 ? rest : rest[..end]);
            text.Append('\n');
            rest = end < 0 ? [] : rest[(end + 2)..];
        }
    }
}
