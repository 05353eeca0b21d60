using System.Globalization;
using System.Text;

namespace Postbell.Mailbox.Transfer;

/// <summary>The line before each message of an mbox file, and the header fields that hold flags.</summary>
internal static class MboxHead
{
    private const int MaxLine = 1000;
    private static readonly string[] s_months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    private static readonly (SystemFlags Flag, char Letter)[] s_letters =
        [(SystemFlags.Answered, 'A'), (SystemFlags.Flagged, 'F'), (SystemFlags.Draft, 'T'), (SystemFlags.Deleted, 'D')];

    /// <summary>The "From " line and the flags, as they stand before a message's own header.</summary>
    public static string Write(StoredMessage message)
    {
        var sender = message.Envelope.From is [{ Mailbox: { } mailbox, Host: { } host }, ..] ? $"{mailbox}@{host}" : "";
        var clean = sender.Length is > 0 and < 200 && sender.All(static c => c is > ' ' and < '\x7f') ? sender : "MAILER-DAEMON";
        var date = message.InternalDate.UtcDateTime;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"From {clean} {date:ddd MMM} {date.Day,2} {date:HH:mm:ss yyyy}\n");
        text.Append(message.Flags.Has(SystemFlags.Seen) ? "Status: RO\n" : "Status: O\n");
        var letters = string.Concat(s_letters.Where(l => message.Flags.Has(l.Flag)).Select(static l => l.Letter));
        if (letters.Length > 0)
        {
            text.Append("X-Status: ").Append(letters).Append('\n');
        }

        if (message.Flags.Keywords is { Length: > 0 } keywords)
        {
            text.Append("X-Keywords: ").Append(keywords).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>True when a line begins a message: "From ", whoever it was, and a date in the manner of asctime, also with a time zone.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out DateTimeOffset date)
    {
        date = default;
        if (line.Length > MaxLine || !line.StartsWith("From "u8))
        {
            return false;
        }

        var words = Encoding.Latin1.GetString(line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var month = Array.FindLastIndex(words, static w => Array.IndexOf(s_months, w) >= 0);
        var time = Array.FindIndex(words, Math.Max(month, 0), static w => w.Contains(':', StringComparison.Ordinal));
        if (month < 2 || time != month + 2 || !int.TryParse(words[month + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var day))
        {
            return false;
        }

        var year = words.Skip(time + 1).FirstOrDefault(static w => w.Length == 4 && w.All(char.IsAsciiDigit));
        return year is not null && TimeOnly.TryParse(words[time], CultureInfo.InvariantCulture, out var at)
            && TryDate(int.Parse(year, CultureInfo.InvariantCulture), Array.IndexOf(s_months, words[month]) + 1, day, at, words.Skip(time + 1).FirstOrDefault(IsZone), out date);
    }

    /// <summary>True when a header field holds flags, which are taken from it; it is no part of the message then.</summary>
    public static bool TryReadFlags(ReadOnlySpan<byte> field, ref SystemFlags flags, List<string> keywords)
    {
        var colon = field.IndexOf((byte)':');
        var name = colon is > 0 and < 20 ? Encoding.ASCII.GetString(field[..colon]).ToLowerInvariant() : "";
        if (name is not ("status" or "x-status" or "x-keywords" or "x-uid" or "x-imap" or "x-imapbase"))
        {
            return false;
        }

        var value = Encoding.UTF8.GetString(field[(colon + 1)..]).Trim();
        switch (name)
        {
            case "status" when value.Contains('R', StringComparison.Ordinal):
                flags |= SystemFlags.Seen;
                break;
            case "x-status":
                flags |= s_letters.Where(l => value.Contains(l.Letter, StringComparison.Ordinal)).Aggregate(SystemFlags.None, static (all, l) => all | l.Flag);
                break;
            case "x-keywords":
                keywords.AddRange(value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries));
                break;
        }

        return true;
    }

    private static bool IsZone(string word) => word.Length == 5 && word[0] is '+' or '-' && word[1..].All(char.IsAsciiDigit);

    private static bool TryDate(int year, int month, int day, TimeOnly time, string? zone, out DateTimeOffset date)
    {
        date = default;
        if (year is < 1970 or > 9998 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var minutes = zone is null ? 0 : ((int.Parse(zone.AsSpan(1, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(zone.AsSpan(3, 2), CultureInfo.InvariantCulture)) * (zone[0] == '-' ? -1 : 1);
        if (Math.Abs(minutes) > 14 * 60)
        {
            return false;
        }

        date = new DateTimeOffset(new DateTime(year, month, day).Add(time.ToTimeSpan()), TimeSpan.FromMinutes(minutes));
        return true;
    }
}
