using Postbell.Imap.Protocol;

namespace Postbell.Imap.Tests.Protocol;

public sealed class FetchRequestTests
{
    [Theory]
    [InlineData(" 1 ALL", "FLAGS,INTERNALDATE,RFC822.SIZE,ENVELOPE")]
    [InlineData(" 1 fast", "FLAGS,INTERNALDATE,RFC822.SIZE")]
    [InlineData(" 1 FULL", "FLAGS,INTERNALDATE,RFC822.SIZE,ENVELOPE,BODY")]
    [InlineData(" 1 uid", "UID")]
    [InlineData(" 1 (UID BODYSTRUCTURE)", "UID,BODYSTRUCTURE")]
    [InlineData(" 1 BODY[]", "BODY[]")]
    [InlineData(" 1 BODY.PEEK[]<10.20>", "BODY[]<10>")]
    [InlineData(" 1 BODY[1.2.MIME]", "BODY[1.2.MIME]")]
    [InlineData(" 1 BODY[text]", "BODY[TEXT]")]
    [InlineData(" 1 BODY[3]", "BODY[3]")]
    [InlineData(" 1 BODY[2.HEADER]", "BODY[2.HEADER]")]
    [InlineData(" 1 BODY[HEADER.FIELDS (From \"To\" {2}\r\nCc)]", "BODY[HEADER.FIELDS (From To Cc)]")]
    [InlineData(" 1 BODY[1.HEADER.FIELDS.NOT (X)]", "BODY[1.HEADER.FIELDS.NOT (X)]")]
    [InlineData(" 1 (RFC822 RFC822.HEADER RFC822.TEXT RFC822.SIZE)", "RFC822,RFC822.HEADER,RFC822.TEXT,RFC822.SIZE")]
    public void Items_are_named_as_they_are_answered(string text, string names) =>
        string.Join(',', Parse.Good<FetchRequest>(text, FetchRequest.TryParse).Items.Select(i => i.Name)).ShouldBe(names);

    [Theory]
    [InlineData(" 1 BODY[]", true)]
    [InlineData(" 1 RFC822", true)]
    [InlineData(" 1 RFC822.TEXT", true)]
    [InlineData(" 1 RFC822.HEADER", false)]
    [InlineData(" 1 BODY.PEEK[]", false)]
    [InlineData(" 1 (BODY BODYSTRUCTURE ENVELOPE)", false)]
    public void Reading_a_body_sets_Seen_unless_it_peeks(string text, bool sets) =>
        Parse.Good<FetchRequest>(text, FetchRequest.TryParse).SetsSeen.ShouldBe(sets);

    [Theory]
    [InlineData("", ParseFailure.UnexpectedEnd)]
    [InlineData(" 1", ParseFailure.UnexpectedEnd)]
    [InlineData(" x FLAGS", ParseFailure.SequenceSetExpected)]
    [InlineData(" 1 FLAG", ParseFailure.FetchItemUnknown)]
    [InlineData(" 1 (FLAGS", ParseFailure.UnexpectedEnd)]
    [InlineData(" 1 ()", ParseFailure.FetchItemUnknown)]
    [InlineData(" 1 (ALL)", ParseFailure.FetchItemUnknown)]
    [InlineData(" 1 BODY[0]", ParseFailure.NumberZero)]
    [InlineData(" 1 BODY[MIME]", ParseFailure.SectionInvalid)]
    [InlineData(" 1 BODY[1.]", ParseFailure.SectionInvalid)]
    [InlineData(" 1 BODY[HEADER.FIELDS]", ParseFailure.SpaceExpected)]
    [InlineData(" 1 BODY[HEADER.FIELDS ()]", ParseFailure.StringExpected)]
    [InlineData(" 1 BODY[HEADER.FIELDS (\"a b\")]", ParseFailure.SectionInvalid)]
    [InlineData(" 1 BODY[]<1>", ParseFailure.PartialInvalid)]
    [InlineData(" 1 BODY[]<1.0>", ParseFailure.NumberZero)]
    [InlineData(" 1 FLAGS x", ParseFailure.TrailingCharacters)]
    public void What_is_no_fetch_has_a_named_failure(string text, ParseFailure failure) =>
        Parse.Bad<FetchRequest>(text, FetchRequest.TryParse).ShouldBe(failure);
}
