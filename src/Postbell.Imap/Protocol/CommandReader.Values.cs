using System.Globalization;
using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>The larger pieces: sequence sets, mailbox names, flags, dates.</summary>
internal ref partial struct CommandReader
{
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    /// <summary>sequence-set of RFC 3501, or <c>$</c> (RFC 5182).</summary>
    public bool SequenceSet(out SequenceSet set)
    {
        if (TakeIf((byte)'$'))
        {
            set = Protocol.SequenceSet.Saved;
            return true;
        }

        set = null!;
        var ranges = new List<(uint From, uint To)>();
        do
        {
            if (ranges.Count >= _limits.SequenceRanges)
            {
                return Fail(ParseFailure.SequenceSetTooLong);
            }

            if (!SequenceNumber(out var from))
            {
                return false;
            }

            var to = from;
            if (TakeIf((byte)':') && !SequenceNumber(out to))
            {
                return false;
            }

            ranges.Add((from, to));
        }
        while (TakeIf((byte)','));

        set = new SequenceSet(ranges);
        return true;
    }

    /// <summary>
    /// A mailbox name, decoded: modified UTF-7 (RFC 3501 5.1.3), or UTF-8 where a client sent it raw. INBOX in any case becomes INBOX.
    /// One trailing hierarchy separator is taken off (CREATE allows it).
    /// </summary>
    public bool Mailbox(out string name)
    {
        name = "";
        return AString(out var raw) && MailboxText(raw, out name);
    }

    /// <summary>The pattern of LIST, decoded.</summary>
    public bool MailboxPattern(out string pattern)
    {
        pattern = "";
        return ListMailbox(out var raw)
            && (raw.Length <= _limits.PatternBytes || Fail(ParseFailure.MailboxNameTooLong))
            && (MailboxName.TryDecode(raw, _utf8Names, out pattern) || Fail(ParseFailure.MailboxNameInvalid));
    }

    /// <summary>A parenthesised list of flags: <c>(\Seen custom)</c>, perhaps empty.</summary>
    public bool FlagList(out List<string> flags)
    {
        flags = [];
        if (!Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        if (TakeIf((byte)')'))
        {
            return true;
        }

        do
        {
            if (!Flag(flags))
            {
                return false;
            }
        }
        while (TakeIf((byte)' '));
        return Expect((byte)')', ParseFailure.ListUnterminated);
    }

    /// <summary>One flag, added to the list when it is not there yet. <c>\Recent</c> and <c>\*</c> are the server's (RFC 3501 2.3.2).</summary>
    public bool Flag(List<string> flags)
    {
        if (flags.Count >= _limits.ListEntries)
        {
            return Fail(ParseFailure.ListTooLong);
        }

        var system = TakeIf((byte)'\\');
        if (!Run(AtomBytes, ParseFailure.FlagExpected, out var run))
        {
            return false;
        }

        var flag = (system ? "\\" : "") + Encoding.ASCII.GetString(run);
        if (flag.Equals("\\Recent", StringComparison.OrdinalIgnoreCase))
        {
            return Fail(ParseFailure.FlagNotSettable);
        }

        if (!flags.Contains(flag, StringComparer.OrdinalIgnoreCase))
        {
            flags.Add(flag);
        }

        return true;
    }

    /// <summary>date: <c>1-Feb-1994</c>, quoted or not.</summary>
    public bool Date(out DateOnly date)
    {
        date = default;
        var quoted = TakeIf((byte)'"');
        return DayMonthYear(out date) && (!quoted || Expect((byte)'"', ParseFailure.DateExpected));
    }

    /// <summary>date-time: <c>"17-Jul-1996 02:44:25 -0700"</c>.</summary>
    public bool DateTime(out DateTimeOffset moment)
    {
        moment = default;
        if (!Expect((byte)'"', ParseFailure.DateExpected))
        {
            return false;
        }

        while (TakeIf((byte)' '))
        {
        }

        if (!DayMonthYear(out var day) || !Expect((byte)' ', ParseFailure.DateExpected))
        {
            return false;
        }

        var rest = _text[Position..];
        if (rest.Length < 15 || rest[14] != '"' || !TryTime(rest[..14], out var time, out var zone))
        {
            return Fail(ParseFailure.DateExpected);
        }

        var utc = day.ToDateTime(time).Ticks - zone.Ticks;
        if (utc < System.DateTime.UnixEpoch.Ticks || utc > System.DateTime.MaxValue.Ticks)
        {
            return Fail(ParseFailure.DateExpected);
        }

        Position += 15;
        moment = new DateTimeOffset(day.ToDateTime(time), zone);
        return true;
    }

    private bool SequenceNumber(out uint number)
    {
        number = Protocol.SequenceSet.Star;
        if (TakeIf((byte)'*'))
        {
            return true;
        }

        return AtEnd || _text[Position] is < (byte)'0' or > (byte)'9' ? Fail(ParseFailure.SequenceSetExpected) : NonZeroNumber(out number);
    }

    private bool MailboxText(byte[] raw, out string name)
    {
        if (raw.Length > 1 && raw[^1] == '/')
        {
            raw = raw[..^1];
        }

        if (!MailboxName.TryDecode(raw, _utf8Names, out name))
        {
            return Fail(ParseFailure.MailboxNameInvalid);
        }

        if (Encoding.UTF8.GetByteCount(name) > _limits.MailboxNameBytes)
        {
            return Fail(ParseFailure.MailboxNameTooLong);
        }

        name = MailboxName.WithInboxInCapitals(name);
        return true;
    }

    private bool DayMonthYear(out DateOnly date)
    {
        date = default;
        var rest = _text[Position..];
        var dash = rest.IndexOf((byte)'-');
        if (dash is not (1 or 2) || rest.Length < dash + 9 || rest[dash + 4] != '-'
            || !TryDigits(rest[..dash], out var day) || !TryDigits(rest.Slice(dash + 5, 4), out var year)
            || !TryMonth(rest.Slice(dash + 1, 3), out var month)
            || year < 1 || day < 1 || day > System.DateTime.DaysInMonth(year, month))
        {
            return Fail(AtEnd ? ParseFailure.UnexpectedEnd : ParseFailure.DateExpected);
        }

        date = new DateOnly(year, month, day);
        Position += dash + 9;
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out TimeOnly time, out TimeSpan zone)
    {
        time = default;
        zone = default;
        if (text[2] != ':' || text[5] != ':' || text[8] != ' ' || text[9] is not ((byte)'+' or (byte)'-')
            || !TryDigits(text[..2], out var hour) || !TryDigits(text.Slice(3, 2), out var minute) || !TryDigits(text.Slice(6, 2), out var second)
            || !TryDigits(text.Slice(10, 2), out var zoneHours) || !TryDigits(text.Slice(12, 2), out var zoneMinutes)
            || hour > 23 || minute > 59 || second > 60 || zoneHours > 14 || zoneMinutes > 59 || (zoneHours == 14 && zoneMinutes > 0))
        {
            return false;
        }

        time = new TimeOnly(hour, minute, Math.Min(second, 59));
        zone = new TimeSpan(zoneHours, zoneMinutes, 0) * (text[9] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryMonth(ReadOnlySpan<byte> text, out int month)
    {
        var at = Months.IndexOf(Encoding.Latin1.GetString(text), StringComparison.OrdinalIgnoreCase);
        month = (at / 3) + 1;
        return at >= 0 && at % 3 == 0;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
