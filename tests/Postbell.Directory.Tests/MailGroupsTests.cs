namespace Postbell.Directory.Tests;

public class MailGroupsTests
{
    private static readonly MailRecipient[] s_people =
    [
        new(1, "ann@example.com", ["1001@example.com"]),
        new(2, "bob@example.org", ["bob@example.com"]),
        new(3, "cid@example.com", []),
    ];

    [Fact]
    public void Groups_hold_each_other_even_in_circles_and_everybody_is_in_once()
    {
        var book = Book(
            new() { Name = "North", Address = "north@example.com", Members = ["1001", "South", "ann@example.com"] },
            new() { Name = "South", Address = "south@example.com", Members = ["bob", "north@example.com"] });
        book.Problems.ShouldBeEmpty();
        book.Groups.Find("NORTH", "Example.com")!.Members.Select(m => m.AccountId).ShouldBe([1, 2], ignoreOrder: true);
        book.Groups.Find("south", "example.com")!.Members.Select(m => m.AccountId).ShouldBe([1, 2], ignoreOrder: true);
        book.Groups.Find("west", "example.com").ShouldBeNull();
    }

    [Fact]
    public void What_is_wrong_is_told_and_keeps_nobody_else_from_mail()
    {
        var book = Book(
            new() { Name = "All", Address = "all@example.com", Members = ["1001", "dan", "eve@example.net"] },
            new() { Name = "Ann", Address = "cid@example.com", Members = ["1001"] });
        book.Problems.ShouldBe(
        [
            "member dan of group \"All\" is nobody of this server and no group",
            "member eve@example.net of group \"All\" is nobody of this server and no group",
            "cid@example.com of group \"Ann\" is an address of cid@example.com, who gets its mail",
        ]);
        book.Groups.Find("all", "example.com")!.Members.ShouldHaveSingleItem().AccountId.ShouldBe(1);
        book.Groups.Find("cid", "example.com").ShouldBeNull();
    }

    [Fact]
    public void Groups_are_read_and_written_the_same()
    {
        var load = OrganizationYaml.Load(
            "distributionGroups:\n  - { name: All, address: all@example.com, members: [1001, Some], acceptFrom: Everyone }\n  - { name: Some, address: some@example.com, members: [bob] }\n", "f");
        load.Errors.ShouldBeEmpty();
        var written = OrganizationYaml.Write(load.Organization!);
        var again = OrganizationYaml.Load(written, "f").Organization!;
        OrganizationYaml.Write(again).ShouldBe(written);
        again.DistributionGroups.Select(g => (g.Name, g.Address, g.AcceptFrom, string.Join(' ', g.Members)))
            .ShouldBe([("All", "all@example.com", GroupSenders.Everyone, "1001 Some"), ("Some", "some@example.com", GroupSenders.People, "bob")]);
    }

    [Theory]
    [InlineData("name: A, address: a@example.com", "members must name somebody")]
    [InlineData("name: A, address: nowhere, members: [1001]", "must be an e-mail address")]
    [InlineData("name: 'A;B', address: a@example.com, members: [1001]", "must not contain ;")]
    [InlineData("name: all, address: a@example.com, members: [1001]", "is there twice")]
    [InlineData("name: A, address: ALL@example.com, members: [1001]", "is the address of group \"All\" already")]
    [InlineData("name: A, address: a@example.com, members: [1001], acceptFrom: Nobody", "acceptFrom")]
    public void Mistakes_are_told_with_their_line(string group, string message)
    {
        var errors = OrganizationYaml.Load($"distributionGroups:\n  - {{ name: All, address: all@example.com, members: [1001] }}\n  - {{ {group} }}\n", "f").Errors;
        var error = errors.ShouldHaveSingleItem();
        error.ToString().ShouldContain(message);
        error.ToString().ShouldStartWith("f:3");
    }

    private static AddressBook Book(params DistributionGroup[] groups) => new(["example.com"], s_people, null, groups);
}
