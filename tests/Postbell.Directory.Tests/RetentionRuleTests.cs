namespace Postbell.Directory.Tests;

public sealed class RetentionRuleTests
{
    private const string Head = "dialPlans:\n  - name: Main\n    numberOfDigitsInExtension: 4\nmailboxPolicies:\n  - name: P\n    dialPlan: Main\n";

    [Fact]
    public void Rules_are_read_in_order_and_written_as_they_were()
    {
        var load = OrganizationYaml.Load(
            Head + "    deletedItemRetention: 30 d\n    retentionRules:\n      - folder: \"Archive\"\n        age: never\n      - class: Voice\n        age: 90 d\n", "f");
        load.Errors.ShouldBeEmpty();
        var policy = load.Organization!.MailboxPolicies.Single();
        policy.DeletedItemRetention.ShouldBe(TimeSpan.FromDays(30));
        PolicyRetentionRule[] rules = [new PolicyRetentionRule("Archive", MessageClass.Any, null), new PolicyRetentionRule(null, MessageClass.Voice, TimeSpan.FromDays(90))];
        policy.RetentionRules.ShouldBe(rules);
        OrganizationYaml.Load(OrganizationYaml.Write(load.Organization), "f").Organization!.MailboxPolicies.Single().RetentionRules.ShouldBe(rules);
    }

    [Theory]
    [InlineData("deletedItemRetention: 14", "must be a time with its unit")]
    [InlineData("retentionRules: 30 d", "must be a list")]
    [InlineData("retentionRules:\n      - class: Voice", "age is missing")]
    [InlineData("retentionRules:\n      - age: 5 min", "must be from 1 h")]
    [InlineData("retentionRules:\n      - class: Letter\n        age: 5 d", "must be one of Any, Mail, Voice")]
    [InlineData("retentionRules:\n      - days: 5\n        age: 5 d", "unknown key \"days\"")]
    public void What_makes_no_sense_is_refused_with_its_place(string lines, string error) =>
        OrganizationYaml.Load(Head + "    " + lines + "\n", "f").Errors.ShouldHaveSingleItem().Message.ShouldContain(error);
}
