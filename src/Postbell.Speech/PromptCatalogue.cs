using System.Reflection;
using Postbell.Speech.Catalogue;

namespace Postbell.Speech;

/// <summary>The texts of all prompts in all languages that come with the program. Immutable.</summary>
public sealed class PromptCatalogue
{
    /// <summary>Language that is spoken where another is asked for that is not there.</summary>
    public const string DefaultLanguage = "en-US";

    private const string ResourcePrefix = "prompts/";

    private readonly Dictionary<string, PromptTexts> _languages;

    private PromptCatalogue(Dictionary<string, PromptTexts> languages) => _languages = languages;

    /// <summary>The languages, for instance <c>en-US</c>.</summary>
    public IReadOnlyCollection<string> Languages => _languages.Keys;

    /// <summary>Reads what is built into the program and checks that nothing is missing.</summary>
    /// <exception cref="PromptCatalogueException">A text is missing, unknown or has the wrong slots; all of it is listed.</exception>
    public static PromptCatalogue LoadEmbedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = new List<(string, string)>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            files.Add((name, reader.ReadToEnd()));
        }

        return Load(files);
    }

    /// <summary>Reads prompt files, given as name and content, and checks that nothing is missing.</summary>
    /// <exception cref="PromptCatalogueException">A text is missing, unknown or has the wrong slots; all of it is listed.</exception>
    public static PromptCatalogue Load(IReadOnlyList<(string FileName, string Yaml)> files)
    {
        var languages = new Dictionary<string, PromptTexts>(StringComparer.OrdinalIgnoreCase);
        var problems = new List<string>();
        foreach (var (fileName, yaml) in files)
        {
            var texts = PromptTexts.Read(yaml, problem => problems.Add($"{fileName}: {problem}"));
            if (texts is not null && !languages.TryAdd(texts.Language, texts))
            {
                problems.Add($"{fileName}: the language {texts.Language} is there twice");
            }
        }

        if (problems.Count == 0 && !languages.ContainsKey(DefaultLanguage))
        {
            problems.Add($"the language {DefaultLanguage} is missing");
        }

        return problems.Count == 0 ? new PromptCatalogue(languages) : throw new PromptCatalogueException(problems);
    }

    /// <summary>The language that is spoken for the one that is asked for: itself, else one that differs by country only, else the default.</summary>
    public string LanguageFor(string language)
    {
        if (_languages.TryGetValue(language, out var texts))
        {
            return texts.Language;
        }

        var primary = language.Split('-')[0] + "-";
        return _languages.Values.FirstOrDefault(t => t.Language.StartsWith(primary, StringComparison.OrdinalIgnoreCase))?.Language ?? DefaultLanguage;
    }

    /// <summary>
    /// The words of a prompt with its slots filled. A name that cannot be spoken turns <see cref="PromptId.GreetingWithName"/> into
    /// <see cref="PromptId.GreetingWithoutName"/>.
    /// </summary>
    /// <exception cref="SpeechException"><see cref="SpeechFailure.NothingToSay"/>: another slot has nothing that can be spoken.</exception>
    public PromptSpeech Compose(PromptId id, PromptArguments arguments, string language)
    {
        var texts = _languages[LanguageFor(language)];
        var name = SpeechText.CleanName(arguments.Name ?? "");
        if (id == PromptId.GreetingWithName && name.Length == 0)
        {
            id = PromptId.GreetingWithoutName;
        }

        var text = texts[id];
        text = Fill(id, text, PromptSlots.Name, name);
        text = Fill(id, text, PromptSlots.Number, SpeechText.SpellNumber(arguments.Number ?? "", texts.Digits));
        return new PromptSpeech(texts.Voice, text);
    }

    /// <summary>The prompts without slots, which can be rendered before anybody calls.</summary>
    public static IEnumerable<PromptId> Fixed => Enum.GetValues<PromptId>().Where(id => PromptSlots.Of(id).Count == 0);

    private static string Fill(PromptId id, string text, string slot, string words)
    {
        if (!PromptSlots.Of(id).Contains(slot))
        {
            return text;
        }

        return words.Length > 0
            ? text.Replace("{" + slot + "}", words, StringComparison.Ordinal)
            : throw new SpeechException(SpeechFailure.NothingToSay, $"{id} has no {slot}");
    }
}
