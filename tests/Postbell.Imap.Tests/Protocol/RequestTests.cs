using Postbell.Imap.Protocol;

namespace Postbell.Imap.Tests.Protocol;

/// <summary>The smaller requests: STORE, STATUS, LIST, APPEND, and the head of every command.</summary>
public sealed class RequestTests
{
    [Fact]
    public void Store_takes_its_three_modes_with_or_without_parentheses()
    {
        var store = Parse.Good<StoreRequest>(" 1:* +FLAGS.SILENT (\\Seen)", StoreRequest.TryParse);
        (store.Mode, store.Silent, store.Flags.Single()).ShouldBe((StoreMode.Add, true, "\\Seen"));
        store = Parse.Good<StoreRequest>(" 1 -flags \\Seen \\Draft", StoreRequest.TryParse);
        (store.Mode, store.Silent, store.Flags.Count).ShouldBe((StoreMode.Remove, false, 2));
        store = Parse.Good<StoreRequest>(" 1 FLAGS ()", StoreRequest.TryParse);
        (store.Mode, store.Flags.Count).ShouldBe((StoreMode.Replace, 0));
    }

    [Theory]
    [InlineData(" 1 FLAG (\\Seen)", ParseFailure.StoreItemUnknown)]
    [InlineData(" 1 *FLAGS (\\Seen)", ParseFailure.StoreItemUnknown)]
    [InlineData(" 1 FLAGS", ParseFailure.UnexpectedEnd)]
    [InlineData(" 1 FLAGS (\\Recent)", ParseFailure.FlagNotSettable)]
    public void What_is_no_store_has_a_named_failure(string text, ParseFailure failure) =>
        Parse.Bad<StoreRequest>(text, StoreRequest.TryParse).ShouldBe(failure);

    [Fact]
    public void Status_collects_its_items()
    {
        var status = Parse.Good<StatusRequest>(" inbox (MESSAGES UIDNEXT)", StatusRequest.TryParse);
        status.ShouldBe(new StatusRequest("INBOX", StatusItems.Messages | StatusItems.UidNext));
        Parse.Bad<StatusRequest>(" inbox (MESSAGES SIZE9)", StatusRequest.TryParse).ShouldBe(ParseFailure.StatusItemUnknown);
        Parse.Bad<StatusRequest>(" inbox MESSAGES", StatusRequest.TryParse).ShouldBe(ParseFailure.ListExpected);
    }

    [Fact]
    public void List_takes_patterns_and_special_use_options()
    {
        Parse.Good<ListRequest>(" \"\" *", ListRequest.TryParse).IsExtended.ShouldBeFalse();
        Parse.Good<ListRequest>(" (SPECIAL-USE) \"\" \"%\"", ListRequest.TryParse).Selection.ShouldBe(ListSelection.SpecialUse);
        Parse.Good<ListRequest>(" \"\" % RETURN (SPECIAL-USE)", ListRequest.TryParse).Selection.ShouldBe(ListSelection.All);
        var all = Parse.Good<ListRequest>(" (SUBSCRIBED RECURSIVEMATCH REMOTE) a (%/x \"b *\") RETURN (CHILDREN STATUS (SIZE UNSEEN) SUBSCRIBED)", ListRequest.TryParse);
        all.Patterns.ShouldBe(["%/x", "b *"]);
        all.Return.ShouldBe(ListReturn.Children | ListReturn.Status | ListReturn.Subscribed);
        all.Status.ShouldBe(StatusItems.Size | StatusItems.Unseen);
        Parse.Bad<ListRequest>(" (RECURSIVEMATCH REMOTE) \"\" %", ListRequest.TryParse).ShouldBe(ParseFailure.ListOptionAlone);
        Parse.Bad<ListRequest>(" \"\" (" + string.Join(' ', Enumerable.Repeat("*", 101)) + ")", ListRequest.TryParse).ShouldBe(ParseFailure.ListTooLong);
        Parse.Bad<ListRequest>(" \"\" % RETURN (OTHER)", ListRequest.TryParse).ShouldBe(ParseFailure.ListOptionUnknown);
        Parse.Bad<ListRequest>(" (OTHER) \"\" %", ListRequest.TryParse).ShouldBe(ParseFailure.ListOptionUnknown);
    }

    [Theory]
    [InlineData("*", "a/b/c", true)]
    [InlineData("%", "a/b", false)]
    [InlineData("%", "a", true)]
    [InlineData("a/%", "a/b", true)]
    [InlineData("a/%", "a/b/c", false)]
    [InlineData("%/%", "a/b", true)]
    [InlineData("a*c", "a/b/c", true)]
    [InlineData("INBOX", "INBOX", true)]
    [InlineData("", "a", false)]
    public void Wildcards_match_as_RFC_3501_says(string pattern, string name, bool matches) =>
        MailboxPattern.Matches(pattern, name).ShouldBe(matches);

    [Fact]
    public void A_hostile_row_of_stars_stays_cheap() =>
        MailboxPattern.Matches(string.Concat(Enumerable.Repeat("*a", 400)) + "b", new string('a', 800)).ShouldBeFalse();

    [Fact]
    public void Append_ends_at_the_announcement_of_its_message()
    {
        var append = Parse.Good<AppendRequest>(" {4}\r\nSent (\\Seen x) \"17-Jul-1996 02:44:25 -0700\" {310+}\r\n", AppendRequest.TryParse);
        append.Mailbox.ShouldBe("Sent");
        append.First.Flags.ShouldBe(["\\Seen", "x"]);
        append.First.Date!.Value.Offset.ShouldBe(TimeSpan.FromHours(-7));
        append.First.Message.ShouldBe(new LiteralMark(310, Waits: false, 8));
        Parse.Bad<AppendRequest>(" {4}\r\n", AppendRequest.TryParse).ShouldBe(ParseFailure.LiteralTruncated);
        Parse.Bad<AppendRequest>(" Sent x", AppendRequest.TryParse).ShouldBe(ParseFailure.LiteralInvalid);
    }

    [Theory]
    [InlineData("a1 uid fetch 1 FLAGS", "a1", "FETCH", true)]
    [InlineData("* NOOP", "*", "NOOP", false)]
    public void The_head_is_tag_and_name(string text, string tag, string name, bool uid)
    {
        var good = CommandHead.TryParse(Parse.Bytes(text), new ImapLimits(), out var head, out var failure);
        if (tag == "*")
        {
            (good, failure).ShouldBe((false, ParseFailure.TagMissing));
            return;
        }

        (good, head.Tag, head.Name, head.IsUid).ShouldBe((true, tag, name, uid));
    }

    [Theory]
    [InlineData("{12}\r\n", true, 12, true)]
    [InlineData("x {12+}\r\n", true, 12, false)]
    [InlineData("x {12+} \r\n", false, 0, false)]
    [InlineData("x {a}\r\n", false, 0, false)]
    [InlineData("x }\r\n", false, 0, false)]
    public void A_literal_is_announced_at_the_end_of_a_line(string line, bool announced, long length, bool waits)
    {
        LiteralMark.TryParseAtEnd(Parse.Bytes(line), out var mark).ShouldBe(announced);
        (mark.Length, mark.Waits).ShouldBe((length, waits));
    }
}
