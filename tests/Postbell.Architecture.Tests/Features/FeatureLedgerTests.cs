namespace Postbell.Architecture.Tests.Features;

public class FeatureLedgerTests
{
    [Fact]
    public void Every_feature_number_has_exactly_one_row_in_order()
    {
        var expected = FeatureLedger.Chapters.SelectMany(c => Enumerable.Range(1, c.Count).Select(i => $"{c.Chapter}.{i:00}")).ToArray();
        var numbers = FeatureLedger.Rows.Select(r => r.Number).ToArray();

        expected.Except(numbers).ShouldBeEmpty("missing");
        numbers.Except(expected).ShouldBeEmpty("unknown");
        numbers.SequenceEqual(expected).ShouldBeTrue("a number is there twice, or they are out of order");
        FeatureLedger.Rows.ShouldAllBe(r => r.Name.Length > 0 && r.Name == r.Name.Trim());
    }

    [Fact]
    public void A_state_is_yes_partly_or_no()
    {
        AllRows().Where(r => r.State is not ("yes" or "partly" or "no")).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_done_names_the_test_that_proves_it()
    {
        AllRows().Where(r => r.State == "yes" && r.Tests.Count == 0).Select(r => $"{r.File}:{r.Line}: {r.Number} {r.Name}").ShouldBeEmpty();
    }

    [Fact]
    public void A_named_test_exists()
    {
        var tests = TestIndex.InSources();

        var missing = from row in AllRows()
                      from test in row.Tests
                      where !tests.Contains(test)
                      select $"{row.File}:{row.Line}: {test}";
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void A_named_test_ran_and_passed()
    {
        // Needs the results of the other test projects: ./test runs this one last and says where they are.
        if (Environment.GetEnvironmentVariable("POSTBELL_TEST_RESULTS") is not { Length: > 0 } folder)
        {
            Assert.Skip("POSTBELL_TEST_RESULTS is not set");
            return;
        }

        var outcomes = TestIndex.Outcomes(folder);
        var ownNamespace = typeof(Repository).Namespace + ".";
        var unproven = from row in AllRows()
                       from test in row.Tests
                       where !test.StartsWith(ownNamespace, StringComparison.Ordinal)
                       let found = outcomes[test].ToArray()
                       where found.Length == 0 || found.Any(o => o != "Passed")
                       select $"{row.File}:{row.Line}: {test} {(found.Length == 0 ? "did not run" : string.Join(", ", found.Distinct()))}";
        unproven.ShouldBeEmpty();
    }

    [Fact]
    public void Attacks_are_numbered_once_in_order()
    {
        var numbers = FeatureLedger.Attacks.Select(r => int.Parse(r.Number, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        numbers.ShouldBe(numbers.Distinct().Order());
    }

    [Fact]
    public void The_table_of_the_readme_is_made_from_the_ledger()
    {
        var readme = Repository.Read(ReadmeTable.File);
        var expected = ReadmeTable.Compose(FeatureLedger.Rows);
        ReadmeTable.Current(readme).ShouldNotBeNull($"{ReadmeTable.File} must have the lines \"{ReadmeTable.Begin}\" and \"{ReadmeTable.End}\"");
        if (Environment.GetEnvironmentVariable("FEATURES_WRITE") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, ReadmeTable.File), ReadmeTable.Replace(readme, expected));
            return;
        }

        (ReadmeTable.Current(readme) == expected).ShouldBeTrue("the table is out of date: run the architecture tests with FEATURES_WRITE=1");
    }

    [Fact]
    public void The_index_finds_the_tests_of_this_file()
    {
        TestIndex.TestsOf("tests/Postbell.Architecture.Tests/Features/FeatureLedgerTests.cs")
            .ShouldContain("Postbell.Architecture.Tests.Features.FeatureLedgerTests.The_index_finds_the_tests_of_this_file");
        TestIndex.InSources().Count.ShouldBeGreaterThan(50);
    }

    private static IEnumerable<FeatureRow> AllRows() => FeatureLedger.Rows.Concat(FeatureLedger.Attacks);
}
