using Postbell.Directory.Yaml;

namespace Postbell.Directory.Tests;

public sealed class TeamMailboxTests
{
    private const string Plan = "dialPlans:\n  - name: Main\n    numberOfDigitsInExtension: 4\n";

    [Fact]
    public void Teams_are_read_and_written()
    {
        var load = OrganizationYaml.Load(Plan + "teamMailboxes:\n  - name: support\n    displayName: Support\n    dialPlan: Main\n    extension: \"1500\"\n    members: [anna, ben]\n    rights: lrs\n  - name: sales\n    dialPlan: Main\n", "f");
        load.Errors.ShouldBeEmpty();
        var (support, sales) = (load.Organization!.TeamMailboxes[0], load.Organization.TeamMailboxes[1]);
        (support.DisplayName, support.Extension, support.Rights).ShouldBe(("Support", "1500", "lrs"));
        support.Members.ShouldBe(["anna", "ben"]);
        (sales.DisplayName, sales.Extension, sales.Rights, sales.Members.Count).ShouldBe(("sales", "", TeamMailbox.UsualRights, 0));
        var again = OrganizationYaml.Load(OrganizationYaml.Write(load.Organization), "f");
        again.Organization!.TeamMailboxes.Select(t => (t.Name, t.Extension, t.Rights, string.Join(',', t.Members)))
            .ShouldBe([("support", "1500", "lrs", "anna,ben"), ("sales", "", TeamMailbox.UsualRights, "")]);
        again.Organization.WithAddresses(new Dictionary<string, IReadOnlyList<System.Net.IPAddress>>()).TeamMailboxes.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("name: a b\n    dialPlan: Main", "visible characters")]
    [InlineData("name: a/b\n    dialPlan: Main", "no slash")]
    [InlineData("name: a\n    dialPlan: Other", "there is no dial plan")]
    [InlineData("name: a\n    dialPlan: Main\n    extension: \"15\"", "must have 4 digits")]
    [InlineData("name: a\n    dialPlan: Main\n    rights: lrz", "letters of lrswipkxtea")]
    [InlineData("name: a\n    dialPlan: Main\n  - name: A\n    dialPlan: Main", "is there already")]
    public void Mistakes_are_named(string lines, string error) =>
        OrganizationYaml.Load($"{Plan}teamMailboxes:\n  - {lines}\n", "f").Errors.ShouldHaveSingleItem().Message.ShouldContain(error);
}
