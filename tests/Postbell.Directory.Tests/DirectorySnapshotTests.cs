namespace Postbell.Directory.Tests;

public class DirectorySnapshotTests
{
    private static readonly Organization s_organization = OrganizationYaml.Load(
        """
        dialPlans:
          - { name: Main, numberOfDigitsInExtension: 4, numberingPlanFormats: ["+1425555xxxx"] }
          - { name: World, numberOfDigitsInExtension: 4, uriType: E164 }
          - { name: Lync, numberOfDigitsInExtension: 4, uriType: SipName }
        mailboxPolicies:
          - { name: Standard, dialPlan: Main }
          - { name: Strict, dialPlan: Main, protectUnauthenticatedVoiceMail: Private }
        """,
        "f").Organization!;

    private static readonly Person s_ann = Somebody(1, "ann", "Main", "1001") with { SecondaryExtensions = ["1901"], CallingLineIds = ["+44 7700 900123"] };
    private static readonly Person s_bob = Somebody(2, "bob", "World", "1001") with { SipResourceIdentifier = "+14255550123" };
    private static readonly Person s_cyd = Somebody(3, "cyd", "Lync", "1001") with { SipResourceIdentifier = "sip:Cyd@Example.com" };

    private static readonly DirectorySnapshot s_directory = new(s_organization, [s_ann, s_bob, s_cyd]);

    [Theory]
    [InlineData("1001")]
    [InlineData("tel:1001")]
    [InlineData("10-01")]
    [InlineData("sip:1001@pbx.example.com:5060;user=phone")]
    [InlineData("1901")]
    [InlineData("+14255551001")]
    [InlineData("sip:14255551001@pbx")]
    public void A_person_of_an_extension_plan_is_found_by_extension(string number)
    {
        s_directory.FindPerson("main", number).Person.ShouldBe(s_ann);
    }

    [Theory]
    [InlineData("World", "tel:+1-425-555-0123")]
    [InlineData("World", "sip:+14255550123@gw;user=phone")]
    [InlineData("World", "1001")]
    public void A_person_of_an_international_plan_is_found_by_number_or_extension(string plan, string number)
    {
        s_directory.FindPerson(plan, number).Person.ShouldBe(s_bob);
    }

    [Theory]
    [InlineData("sip:cyd@example.com")]
    [InlineData("SIP:CYD@EXAMPLE.COM:5061;opaque=user:epid")]
    [InlineData("cyd@example.com")]
    [InlineData("sip:1001@pool")]
    public void A_person_of_a_sip_plan_is_found_by_address(string number) => s_directory.FindPerson("Lync", number).Person.ShouldBe(s_cyd);

    [Theory]
    [InlineData("Main", "1002", LookupOutcome.NotProvisioned)]
    [InlineData("Main", "+14255559999", LookupOutcome.NotProvisioned)]
    [InlineData("Main", "10010", LookupOutcome.Malformed)]
    [InlineData("Main", "ann", LookupOutcome.Malformed)]
    [InlineData("Main", "", LookupOutcome.Malformed)]
    [InlineData("Main", "10*1", LookupOutcome.Malformed)]
    [InlineData("World", "14255550123", LookupOutcome.Malformed)]
    [InlineData("World", "+1234567890123456", LookupOutcome.Malformed)]
    [InlineData("Lync", "dan@example.com", LookupOutcome.NotProvisioned)]
    [InlineData("Lync", "dan", LookupOutcome.Malformed)]
    [InlineData("Moon", "1001", LookupOutcome.UnknownDialPlan)]
    public void Who_is_not_found_has_a_named_reason(string plan, string number, LookupOutcome expected)
    {
        s_directory.FindPerson(plan, number).ShouldBe(new PersonLookup(expected, null));
    }

    [Fact]
    public void A_number_of_hostile_length_is_malformed()
    {
        s_directory.FindPerson("Main", new string('1', 100_000)).Outcome.ShouldBe(LookupOutcome.Malformed);
    }

    [Theory]
    [InlineData("1001", "ann")]
    [InlineData("+14255551001", "ann")]
    [InlineData("+447700900123", "ann")]
    [InlineData("447700900123", "ann")]
    [InlineData("sip:+447700900123@gw", "ann")]
    [InlineData("+447700900999", null)]
    [InlineData("anonymous", null)]
    [InlineData(null, null)]
    public void A_caller_is_known_by_number(string? number, string? expected) => s_directory.FindCaller("Main", number)?.UserName.ShouldBe(expected);

    [Fact]
    public void What_is_wrong_with_one_person_does_not_hide_the_others()
    {
        var directory = new DirectorySnapshot(
            s_organization,
            [
                s_ann,
                Somebody(5, "twin", "Main", "1001"),
                Somebody(6, "long", "Main", "10011"),
                Somebody(7, "lost", "Moon", "1001"),
                Somebody(8, "stray", "Main", "1008") with { Policy = "Nothing" },
                Somebody(9, "zoe", "Main", "1009"),
            ]);

        directory.FindPerson("Main", "1001").Person.ShouldBe(s_ann);
        directory.FindPerson("Main", "1009").Person!.UserName.ShouldBe("zoe");
        directory.Problems.Select(p => (p.Person.UserName, p.Reason)).ShouldBe(
        [
            ("twin", PersonProblemReason.DuplicateNumber),
            ("long", PersonProblemReason.MalformedNumber),
            ("lost", PersonProblemReason.UnknownDialPlan),
            ("stray", PersonProblemReason.UnknownPolicy),
        ]);
        directory.FindByAccount(7)!.UserName.ShouldBe("lost");
        directory.FindByAccount(99).ShouldBeNull();
    }

    [Fact]
    public void The_policy_of_a_person_is_the_named_one_else_the_first_of_the_plan()
    {
        s_directory.PolicyOf(s_ann)!.Name.ShouldBe("Standard");
        s_directory.PolicyOf(s_ann with { Policy = "strict" })!.OffersPrivate.ShouldBeTrue();
        s_directory.PolicyOf(s_bob with { Policy = "Strict" })!.Name.ShouldBe("World Default Policy");
        s_directory.PolicyOf(s_ann with { DialPlan = "Moon" }).ShouldBeNull();
    }

    [Fact]
    public void A_change_replaces_the_snapshot_and_leaves_the_old_one_as_it_was()
    {
        var directory = new PeopleDirectory(s_organization, [s_ann]);
        var before = directory.Current;

        directory.Replace([s_bob]);
        directory.Current.FindPerson("World", "1001").Person.ShouldBe(s_bob);
        directory.Replace(Organization.Empty).Problems.ShouldHaveSingleItem().Reason.ShouldBe(PersonProblemReason.UnknownDialPlan);

        directory.Current.People.ShouldBe([s_bob]);
        before.FindPerson("Main", "1001").Person.ShouldBe(s_ann);
    }

    private static Person Somebody(long id, string user, string plan, string extension) => new()
    {
        AccountId = id, UserName = user, DisplayName = user, EmailAddress = user + "@example.com", DialPlan = plan, Extension = extension,
    };
}
