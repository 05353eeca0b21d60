using Postbell.Directory.Yaml;

namespace Postbell.Directory.Tests.Yaml;

public class YamlDocumentTests
{
    [Theory]
    [InlineData("a: [1, 2", 2)]
    [InlineData("a: [1, 2\nb: 3", 1)]
    [InlineData("a: 1\nb: 2\n\ta: 3", 2)]
    [InlineData("a: 1\na: 2", 2)]
    [InlineData("- 1\n- 2", 1)]
    [InlineData("just text", 1)]
    [InlineData("a: 1\n---\nb: 2", 3)]
    [InlineData("a: &x [1]\nb: *x", 2)]
    public void Broken_yaml_is_an_error_with_its_line(string text, int line)
    {
        YamlDocument.Parse(text, "f").Errors.ShouldHaveSingleItem().Line.ShouldBe(line);
    }

    [Fact]
    public void Deep_nesting_is_refused_before_it_can_exhaust_the_stack()
    {
        YamlDocument.Parse("a: " + new string('[', 200_000), "f").Errors.ShouldHaveSingleItem().Message.ShouldContain("nested deeper than 32");
    }

    [Fact]
    public void Whatever_the_file_says_reading_it_gives_errors_and_no_exception()
    {
        const string Good = "dialPlans:\n  - name: Main\n    numberOfDigitsInExtension: 4\ngateways:\n  - { name: G, address: loopback, dialPlan: Main }\n"
            + "huntGroups:\n  - name: H\n    gateway: G\n    dialPlan: Main\n    pilotIdentifiers: [5000, \"sip:a@b\"]\nmailboxPolicies: []\n";
        const string Pieces = "[]{}:,-&*!|>'\"%@`#?\n\t \0\u2028\uFEFFa0";
        var random = new Random(20261);
        for (var round = 0; round < 4000; round++)
        {
            var text = Good.ToCharArray().ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(3))
                {
                    case 0:
                        text.RemoveRange(at, Math.Min(random.Next(1, 20), text.Count - at));
                        break;
                    case 1:
                        text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                        break;
                    default:
                        text[at] = Pieces[random.Next(Pieces.Length)];
                        break;
                }
            }

            var mutated = new string([.. text]);
            var load = Should.NotThrow(() => OrganizationYaml.Load(mutated, "f"), mutated);
            (load.Organization is null).ShouldBe(load.Errors.Count > 0, mutated);
        }
    }

    [Fact]
    public void Values_of_every_kind_are_read()
    {
        var document = YamlDocument.Parse("n: 5\nf: true\nt: \"x\"\nd: 1.5 h\nl: [a, b]\ns: { k: v }\nm:\n  - k: 1\n  - k: 2\n", "f");
        var root = document.Root;

        root.Integer("n", 1, 0, 9).ShouldBe(5);
        root.Flag("f", @default: false).ShouldBeTrue();
        root.RequiredText("t").ShouldBe("x");
        root.Duration("d", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.MaxValue).ShouldBe(TimeSpan.FromMinutes(90));
        root.Texts("l").ShouldBe(["a", "b"]);
        root.Texts("t").ShouldBe(["x"]);
        root.Section("s")!.Text("k").ShouldBe("v");
        root.Sections("m").Select(s => s.Integer("k", 0, 0, 9)).ShouldBe([1, 2]);
        root.Integer("absent", 7, 0, 9).ShouldBe(7);
        document.Finish().ShouldBeEmpty();
    }

    [Fact]
    public void Keys_of_inner_sections_that_nobody_asked_for_are_errors_too()
    {
        var document = YamlDocument.Parse("s:\n  known: 1\n  knwon: 2\n", "f");
        document.Root.Section("s")!.Text("known");

        var error = document.Finish().ShouldHaveSingleItem();
        (error.Line, error.Column).ShouldBe((3, 3));
        error.Message.ShouldBe("unknown key \"knwon\" in s; did you mean \"known\"?");
    }

    [Fact]
    public void All_mistakes_are_reported_in_the_order_of_lines()
    {
        var document = YamlDocument.Parse("a: x\nb: x\nc: {}\nd: 1\n", "f");
        document.Root.Flag("b", @default: true).ShouldBeTrue();
        document.Root.Integer("a", 3, 0, 9).ShouldBe(3);
        document.Root.Text("c").ShouldBeNull();
        document.Root.Sections("d").ShouldBeEmpty();

        document.Finish().Select(e => e.Line).ShouldBe([1, 2, 3, 4]);
    }

    [Theory]
    [InlineData("200 ms", 200)]
    [InlineData("5s", 5000)]
    [InlineData("20 min", 1_200_000)]
    [InlineData("2 h", 7_200_000)]
    [InlineData("1 d", 86_400_000)]
    public void Times_are_a_number_and_a_unit(string text, double milliseconds)
    {
        DurationText.TryParse(text, out var value).ShouldBeTrue();
        value.TotalMilliseconds.ShouldBe(milliseconds);
        DurationText.TryParse(DurationText.Format(value), out var again).ShouldBeTrue();
        again.ShouldBe(value);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-5 s")]
    [InlineData("s")]
    [InlineData("5 weeks")]
    [InlineData("1e300 d")]
    [InlineData("999999999999 d")]
    public void Other_texts_are_no_times(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();
}
