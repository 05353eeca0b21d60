using System.Text;
using Postbell.Imap.Protocol;

namespace Postbell.Imap.Tests.Protocol;

public sealed class CommandReaderTests
{
    [Theory]
    [InlineData("atom", "atom")]
    [InlineData("a]b", "a]b")]
    [InlineData("\"\"", "")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("{3}\r\na\r\n", "a\r\n")]
    [InlineData("{3+}\r\nabc", "abc")]
    [InlineData("{0}\r\n", "")]
    public void A_string_is_an_atom_or_quoted_or_a_literal(string text, string value)
    {
        var reader = new CommandReader(Parse.Bytes(text), new ImapLimits());
        reader.AString(out var bytes).ShouldBeTrue();
        Encoding.Latin1.GetString(bytes).ShouldBe(value);
        reader.End().ShouldBeTrue();
    }

    [Theory]
    [InlineData("", ParseFailure.UnexpectedEnd)]
    [InlineData("(", ParseFailure.StringExpected)]
    [InlineData("\"abc", ParseFailure.QuotedUnterminated)]
    [InlineData("\"abc\\", ParseFailure.QuotedUnterminated)]
    [InlineData("\"a\0b\"", ParseFailure.QuotedCharacterInvalid)]
    [InlineData("\"a\r\nb\"", ParseFailure.QuotedCharacterInvalid)]
    [InlineData("{}\r\n", ParseFailure.LiteralInvalid)]
    [InlineData("{3", ParseFailure.LiteralInvalid)]
    [InlineData("{-3}\r\nabc", ParseFailure.LiteralInvalid)]
    [InlineData("{99999999999999999999}\r\n", ParseFailure.LiteralInvalid)]
    [InlineData("{9}\r\nabc", ParseFailure.LiteralTruncated)]
    [InlineData("{3}\r\na\0c", ParseFailure.LiteralHasNul)]
    public void A_string_that_is_none_has_a_named_failure(string text, ParseFailure failure) =>
        Parse.Bad(text, (ref CommandReader r, out byte[] v) => r.AString(out v)).ShouldBe(failure);

    [Theory]
    [InlineData("0", 0u)]
    [InlineData("4294967295", uint.MaxValue)]
    [InlineData("007", 7u)]
    public void A_number_fits_32_bits(string text, uint number) =>
        Parse.Good(text, (ref CommandReader r, out uint v) => r.Number(out v)).ShouldBe(number);

    [Theory]
    [InlineData("4294967296", ParseFailure.NumberTooLarge)]
    [InlineData("99999999999999999999999999", ParseFailure.NumberTooLarge)]
    [InlineData("-1", ParseFailure.NumberExpected)]
    [InlineData("", ParseFailure.UnexpectedEnd)]
    public void A_number_beyond_that_is_refused(string text, ParseFailure failure) =>
        Parse.Bad(text, (ref CommandReader r, out uint v) => r.Number(out v)).ShouldBe(failure);

    [Theory]
    [InlineData("1", "1")]
    [InlineData("1,3:5,7:*", "1,3:5,7:*")]
    [InlineData("*", "*")]
    [InlineData("*:4", "*:4")]
    public void A_sequence_set_is_kept_as_written(string text, string echo) =>
        Parse.Good(text, (ref CommandReader r, out SequenceSet v) => r.SequenceSet(out v)).ToString().ShouldBe(echo);

    [Theory]
    [InlineData("", ParseFailure.SequenceSetExpected)]
    [InlineData("a", ParseFailure.SequenceSetExpected)]
    [InlineData("0", ParseFailure.NumberZero)]
    [InlineData("1,", ParseFailure.SequenceSetExpected)]
    [InlineData("1:", ParseFailure.SequenceSetExpected)]
    [InlineData("1:4294967296", ParseFailure.NumberTooLarge)]
    public void A_broken_sequence_set_has_a_named_failure(string text, ParseFailure failure) =>
        Parse.Bad(text, (ref CommandReader r, out SequenceSet v) => r.SequenceSet(out v)).ShouldBe(failure);

    [Fact]
    public void A_sequence_set_has_a_limit() =>
        Parse.Bad("1,2,3,4", (ref CommandReader r, out SequenceSet v) => r.SequenceSet(out v), new ImapLimits { SequenceRanges = 3 })
            .ShouldBe(ParseFailure.SequenceSetTooLong);

    [Theory]
    [InlineData("()", "")]
    [InlineData("(\\Seen)", "\\Seen")]
    [InlineData("(\\Seen $Junk \\seen)", "\\Seen $Junk")]
    public void Flags_are_a_list_without_doubles(string text, string flags) =>
        string.Join(' ', Parse.Good(text, (ref CommandReader r, out List<string> v) => r.FlagList(out v))).ShouldBe(flags);

    [Theory]
    [InlineData("(\\Recent)", ParseFailure.FlagNotSettable)]
    [InlineData("(\\*)", ParseFailure.FlagExpected)]
    [InlineData("(a  b)", ParseFailure.FlagExpected)]
    [InlineData("(a", ParseFailure.UnexpectedEnd)]
    [InlineData("a", ParseFailure.ListExpected)]
    public void Flags_that_are_none_have_a_named_failure(string text, ParseFailure failure) =>
        Parse.Bad(text, (ref CommandReader r, out List<string> v) => r.FlagList(out v)).ShouldBe(failure);

    [Theory]
    [InlineData("\"17-Jul-1996 02:44:25 -0700\"", "1996-07-17T02:44:25-07:00")]
    [InlineData("\" 7-jul-1996 02:44:60 +0000\"", "1996-07-07T02:44:59+00:00")]
    [InlineData("\"07-JUL-1996 02:44:25 +0130\"", "1996-07-07T02:44:25+01:30")]
    public void A_date_and_time_has_its_zone(string text, string moment) =>
        Parse.Good(text, (ref CommandReader r, out DateTimeOffset v) => r.DateTime(out v)).ShouldBe(DateTimeOffset.Parse(moment));

    [Theory]
    [InlineData("\"31-Feb-1996 02:44:25 -0700\"")]
    [InlineData("\"17-Jul-1996 24:44:25 -0700\"")]
    [InlineData("\"17-Jul-1996 02:44:25 -9900\"")]
    [InlineData("\"17-Ulj-1996 02:44:25 -0700\"")]
    [InlineData("\"17-Jul-0000 02:44:25 -0700\"")]
    [InlineData("\"17-Jul-1926 02:44:25 -0700\"")]
    [InlineData("\"31-Dec-9999 23:44:25 -1200\"")]
    [InlineData("\"17-Jul-1996\"")]
    [InlineData("17-Jul-1996")]
    public void A_moment_that_is_none_is_refused(string text) =>
        Parse.Bad(text, (ref CommandReader r, out DateTimeOffset v) => r.DateTime(out v)).ShouldBe(ParseFailure.DateExpected);

    [Theory]
    [InlineData("INBOX", "INBOX")]
    [InlineData("inbox", "INBOX")]
    [InlineData("inbox/Team", "INBOX/Team")]
    [InlineData("Inboxes", "Inboxes")]
    [InlineData("\"work/inner/\"", "work/inner")]
    [InlineData("Gr&APYA3w-e", "Größe")]
    public void A_mailbox_name_is_decoded(string text, string name) =>
        Parse.Good(text, (ref CommandReader r, out string v) => r.Mailbox(out v)).ShouldBe(name);

    [Fact]
    public void A_mailbox_name_has_a_limit() =>
        Parse.Bad(new string('x', 1001), (ref CommandReader r, out string v) => r.Mailbox(out v)).ShouldBe(ParseFailure.MailboxNameTooLong);

    [Fact]
    public void Spaces_at_the_end_are_forgiven_and_nothing_else()
    {
        Parse.Bad("1 x", (ref CommandReader r, out uint v) => r.Number(out v) && r.End()).ShouldBe(ParseFailure.TrailingCharacters);
        Parse.Good("1  ", (ref CommandReader r, out uint v) => r.Number(out v) && r.End()).ShouldBe(1u);
    }
}
