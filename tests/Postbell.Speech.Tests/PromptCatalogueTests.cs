namespace Postbell.Speech.Tests;

public class PromptCatalogueTests
{
    private static readonly PromptCatalogue s_catalogue = PromptCatalogue.LoadEmbedded();

    [Fact]
    public void Every_prompt_has_a_text_in_every_language()
    {
        s_catalogue.Languages.ShouldContain("en-US");
        foreach (var language in s_catalogue.Languages)
        {
            foreach (var id in Enum.GetValues<PromptId>())
            {
                var speech = s_catalogue.Compose(id, new PromptArguments("Ann Smith", "5001"), language);
                speech.Text.ShouldNotBeNullOrWhiteSpace();
                speech.Text.ShouldNotContain("{");
                speech.Voice.ShouldNotBeEmpty();
            }
        }
    }

    [Fact]
    public void Slots_are_filled_with_the_name_and_the_digits_one_by_one()
    {
        s_catalogue.Compose(PromptId.GreetingWithName, new PromptArguments(Name: "Ann Smith"), "en-US").Text.ShouldContain("Ann Smith can not");
        s_catalogue.Compose(PromptId.NobodyAtNumber, new PromptArguments(Number: "+50-0*"), "en-US").Text.ShouldContain("number plus five zero zero star.");
    }

    [Fact]
    public void A_greeting_without_a_speakable_name_says_no_name()
    {
        var without = s_catalogue.Compose(PromptId.GreetingWithoutName, PromptArguments.None, "en-US");

        s_catalogue.Compose(PromptId.GreetingWithName, PromptArguments.None, "en-US").ShouldBe(without);
        s_catalogue.Compose(PromptId.GreetingWithName, new PromptArguments(Name: "\u202e\0 !?"), "en-US").ShouldBe(without);
        s_catalogue.Compose(PromptId.GreetingWithName, new PromptArguments(Name: "山田太郎"), "en-US").ShouldBe(without);
        Should.Throw<SpeechException>(() => s_catalogue.Compose(PromptId.NobodyAtNumber, PromptArguments.None, "en-US")).Failure.ShouldBe(SpeechFailure.NothingToSay);
    }

    [Theory]
    [InlineData("en-US", "en-US")]
    [InlineData("EN-us", "en-US")]
    [InlineData("en-GB", "en-US")]
    [InlineData("en", "en-US")]
    [InlineData("ja-JP", "en-US")]
    [InlineData("", "en-US")]
    public void A_language_that_is_not_there_is_replaced_by_the_nearest(string asked, string spoken) => s_catalogue.LanguageFor(asked).ShouldBe(spoken);

    [Theory]
    [InlineData("Jürgen Weiß", "Juergen Weiss")]
    [InlineData("Łukasz Żółć", "Lukasz Zolc")]
    [InlineData("O'Brien-Smith, Jr.", "O'Brien-Smith, Jr.")]
    [InlineData("Bob <script>alert(1)</script>", "Bob script alert 1 script")]
    [InlineData("A\r\nB\0C", "A B C")]
    [InlineData("%s%n{name}", "s n name")]
    [InlineData("Дмитрий", "")]
    public void Names_are_cleaned_before_they_are_spoken(string name, string expected) => SpeechText.CleanName(name).ShouldBe(expected);

    [Fact]
    public void A_name_of_4_kB_is_cut()
    {
        SpeechText.CleanName(new string('x', 4096)).Length.ShouldBeLessThanOrEqualTo(SpeechText.MaxNameLength);
        SpeechText.CleanName(new string('\u0301', 1_000_000) + "Bob").ShouldBe("");
        s_catalogue.Compose(PromptId.NobodyAtNumber, new PromptArguments(Number: new string('9', 4096)), "en-US").Text.Length.ShouldBeLessThan(300);
    }

    [Fact]
    public void Everything_that_is_wrong_with_a_prompt_file_is_told()
    {
        const string Broken = """
            language: xx-XX
            voice: v
            digits: { "0": zero }
            prompts:
              Goodbye: "Bye {name}."
              GreetingWithName: "No slot."
              Nonsense: "What?"
              TooShort: ""
            """;

        var problems = Should.Throw<PromptCatalogueException>(() => PromptCatalogue.Load([("xx/prompts.yaml", Broken), ("yy/prompts.yaml", "[")])).Problems;

        problems.ShouldContain("xx/prompts.yaml: the word for the digit 1 is missing");
        problems.ShouldContain("xx/prompts.yaml: Goodbye must have exactly the slots []");
        problems.ShouldContain("xx/prompts.yaml: GreetingWithName must have exactly the slots [name]");
        problems.ShouldContain("xx/prompts.yaml: unknown prompt Nonsense");
        problems.ShouldContain("xx/prompts.yaml: TooShort is empty or too long");
        problems.ShouldContain("xx/prompts.yaml: MessageSent is missing");
        problems.ShouldContain(p => p.StartsWith("yy/prompts.yaml: this is no prompt file"));
    }

    [Fact]
    public void The_default_language_must_be_there()
    {
        Should.Throw<PromptCatalogueException>(() => PromptCatalogue.Load([])).Problems.ShouldBe(["the language en-US is missing"]);
    }
}
