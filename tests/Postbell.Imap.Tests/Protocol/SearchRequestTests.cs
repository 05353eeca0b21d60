using Postbell.Imap.Protocol;

namespace Postbell.Imap.Tests.Protocol;

public sealed class SearchRequestTests
{
    [Fact]
    public void Every_key_of_RFC_3501_is_known()
    {
        const string Keys = " ALL ANSWERED BCC a BEFORE 1-Feb-1994 BODY a CC a DELETED DRAFT FLAGGED FROM a HEADER X-Y a KEYWORD k LARGER 1 NEW NOT SEEN OLD"
            + " ON 1-Feb-1994 OR SEEN DRAFT RECENT SEEN SENTBEFORE 1-Feb-1994 SENTON 1-Feb-1994 SENTSINCE 1-Feb-1994 SINCE \"1-Feb-1994\" SMALLER 9"
            + " SUBJECT a TEXT a TO a UID 1:* UNANSWERED UNDELETED UNDRAFT UNFLAGGED UNKEYWORD k UNSEEN 1:3 (SEEN DRAFT)";
        var all = Parse.Good<SearchRequest>(Keys, SearchRequest.TryParse).Program.Key.ShouldBeOfType<SearchKey.And>();
        all.Keys.Count.ShouldBe(37);
    }

    [Fact]
    public void Texts_are_in_the_named_character_set()
    {
        Parse.Good<SearchRequest>(" CHARSET UTF-8 SUBJECT {3+}\r\n\u00c3\u00b6x", SearchRequest.TryParse).Program.Key.ShouldBe(new SearchKey.Header("SUBJECT", "öx"));
        Parse.Good<SearchRequest>(" CHARSET \"iso-8859-1\" SUBJECT {1}\r\n\u00f6", SearchRequest.TryParse).Program.Key.ShouldBe(new SearchKey.Header("SUBJECT", "ö"));
    }

    [Fact]
    public void Not_and_or_nest()
    {
        var key = Parse.Good<SearchRequest>(" NOT (OR SEEN FROM \"a b\")", SearchRequest.TryParse).Program.Key;
        key.ShouldBe(new SearchKey.Not(new SearchKey.Or(new SearchKey.Flag("\\Seen", true), new SearchKey.Header("FROM", "a b"))));
    }

    [Theory]
    [InlineData("", ParseFailure.UnexpectedEnd)]
    [InlineData(" ", ParseFailure.UnexpectedEnd)]
    [InlineData(" FOO", ParseFailure.SearchKeyUnknown)]
    [InlineData(" SUBJECT", ParseFailure.UnexpectedEnd)]
    [InlineData(" CHARSET KOI-9 ALL", ParseFailure.CharsetUnknown)]
    [InlineData(" CHARSET UTF-8 TEXT {1}\r\n\u00ff", ParseFailure.TextInvalidInCharset)]
    [InlineData(" BEFORE yesterday", ParseFailure.DateExpected)]
    [InlineData(" (SEEN", ParseFailure.UnexpectedEnd)]
    [InlineData(" OR SEEN", ParseFailure.UnexpectedEnd)]
    [InlineData(" LARGER -1", ParseFailure.NumberExpected)]
    public void What_is_no_search_has_a_named_failure(string text, ParseFailure failure) =>
        Parse.Bad<SearchRequest>(text, SearchRequest.TryParse).ShouldBe(failure);

    [Fact]
    public void Depth_and_number_of_keys_have_limits()
    {
        Parse.Bad<SearchRequest>(" " + new string('(', 500) + "ALL", SearchRequest.TryParse).ShouldBe(ParseFailure.TooDeep);
        Parse.Bad<SearchRequest>(string.Concat(Enumerable.Repeat(" NOT", 500)) + " ALL", SearchRequest.TryParse).ShouldBe(ParseFailure.TooDeep);
        Parse.Bad<SearchRequest>(string.Concat(Enumerable.Repeat(" ALL", 2000)), SearchRequest.TryParse).ShouldBe(ParseFailure.ListTooLong);
    }
}
