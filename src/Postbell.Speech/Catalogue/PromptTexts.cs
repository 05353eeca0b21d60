using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Postbell.Speech.Catalogue;

/// <summary>The prompts of one language.</summary>
internal sealed partial class PromptTexts
{
    private readonly Dictionary<PromptId, string> _texts = [];

    private PromptTexts(string language, string voice) => (Language, Voice) = (language, voice);

    public string Language { get; }

    public string Voice { get; }

    public Dictionary<char, string> Digits { get; } = [];

    public string this[PromptId id] => _texts[id];

    /// <summary>Reads a file; null (and problems told) when it is not whole.</summary>
    public static PromptTexts? Read(string yaml, Action<string> problem)
    {
        YamlMappingNode root;
        try
        {
            var stream = new YamlStream();
            using var reader = new StringReader(yaml);
            stream.Load(reader);
            root = (YamlMappingNode)stream.Documents[0].RootNode;
        }
        catch (Exception e) when (e is YamlException or InvalidCastException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            problem("this is no prompt file: " + e.Message);
            return null;
        }

        var texts = new PromptTexts(Text(root, "language"), Text(root, "voice"));
        if (texts.Language.Length == 0 || texts.Voice.Length == 0)
        {
            problem("language and voice must be given");
            return null;
        }

        texts.TakeDigits(Section(root, "digits"), problem);
        texts.TakePrompts(Section(root, "prompts"), problem);
        return texts;
    }

    private void TakeDigits(Dictionary<string, string> words, Action<string> problem)
    {
        foreach (var (digit, word) in words.Where(w => w.Key.Length == 1))
        {
            Digits[digit[0]] = word;
        }

        foreach (var missing in "0123456789+*#".Where(c => !Digits.ContainsKey(c)))
        {
            problem($"the word for the digit {missing} is missing");
        }
    }

    private void TakePrompts(Dictionary<string, string> prompts, Action<string> problem)
    {
        foreach (var (name, text) in prompts)
        {
            if (!Enum.TryParse<PromptId>(name, out var id) || id.ToString() != name)
            {
                problem($"unknown prompt {name}");
            }
            else if (!Slots().Matches(text).Select(m => m.Groups["slot"].Value).Distinct().Order().SequenceEqual(PromptSlots.Of(id).Order()))
            {
                problem($"{name} must have exactly the slots [{string.Join(", ", PromptSlots.Of(id))}]");
            }
            else if (!text.Any(char.IsLetter) || text.Length > SpeechText.MaxLength - (2 * SpeechText.MaxNameLength))
            {
                problem($"{name} is empty or too long");
            }
            else
            {
                _texts[id] = text;
            }
        }

        foreach (var missing in Enum.GetValues<PromptId>().Where(id => !prompts.ContainsKey(id.ToString())))
        {
            problem($"{missing} is missing");
        }
    }

    private static string Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) && value is YamlScalarNode scalar ? scalar.Value ?? "" : "";

    private static Dictionary<string, string> Section(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) && value is YamlMappingNode mapping
            ? mapping.Children.ToDictionary(c => c.Key.ToString(), c => c.Value is YamlScalarNode { Value: { } text } ? text : "", StringComparer.Ordinal)
            : [];

    [GeneratedRegex(@"\{(?<slot>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Slots();
}
