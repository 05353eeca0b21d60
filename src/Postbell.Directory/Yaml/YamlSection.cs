using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Postbell.Directory.Yaml;

/// <summary>
/// A mapping of a <see cref="YamlDocument"/>. A value of the wrong kind or outside its range is noted as an error there, and the default comes
/// back, so that one reading finds every mistake of the file.
/// </summary>
public sealed class YamlSection
{
    private readonly YamlDocument _document;
    private readonly YamlMappingNode _node;
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];

    internal YamlSection(YamlDocument document, YamlMappingNode node, string path)
    {
        _document = document;
        _node = node;
        Path = path;
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name })
            {
                _values[name] = value;
            }
            else
            {
                document.Add(key, "a key must be a word");
            }
        }

        document.Register(this);
    }

    /// <summary>Where the section stands, for instance <c>dialPlans[0]</c>; empty for the root.</summary>
    public string Path { get; }

    /// <summary>Line of the section's beginning, from 1.</summary>
    public int Line => Math.Max(1, (int)_node.Start.Line);

    /// <summary>True when the key is there.</summary>
    public bool Has(string key) => Ask(key) is not null;

    /// <summary>The text of a key; null when it is not there.</summary>
    public string? Text(string key, int maxLength = 1024)
    {
        if (Ask(key) is not { } node)
        {
            return null;
        }

        return ScalarOf(key, node, maxLength);
    }

    /// <summary>The text of a key that must be there; empty after an error.</summary>
    public string RequiredText(string key, int maxLength = 1024)
    {
        if (!Require(key))
        {
            return "";
        }

        return Text(key, maxLength) ?? "";
    }

    /// <summary>A whole number of a range.</summary>
    public int Integer(string key, int @default, int min, int max)
    {
        if (Text(key) is not { } text)
        {
            return @default;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        Report(key, $"must be a whole number from {min} to {max}, not \"{text}\"");
        return @default;
    }

    /// <summary>A whole number of a range that must be there; <paramref name="min"/> after an error.</summary>
    public int RequiredInteger(string key, int min, int max) => Require(key) ? Integer(key, min, min, max) : min;

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string key, bool @default)
    {
        switch (Text(key))
        {
            case null:
                return @default;
            case "true":
                return true;
            case "false":
                return false;
            case var text:
                Report(key, $"must be true or false, not \"{text}\"");
                return @default;
        }
    }

    /// <summary>One of the names of an enumeration; letter case does not matter.</summary>
    public T Choice<T>(string key, T @default)
        where T : struct, Enum
    {
        if (Text(key) is not { } text)
        {
            return @default;
        }

        foreach (var name in Enum.GetNames<T>())
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return Enum.Parse<T>(name);
            }
        }

        Report(key, $"must be one of {string.Join(", ", Enum.GetNames<T>())}, not \"{text}\"");
        return @default;
    }

    /// <summary>A list of names, each at most once; null when the key is not there. An empty list is an error.</summary>
    public IReadOnlyList<T>? Choices<T>(string key)
        where T : struct, Enum
    {
        if (!Has(key))
        {
            return null;
        }

        var chosen = new List<T>();
        foreach (var text in Texts(key))
        {
            if (!Enum.TryParse<T>(text, ignoreCase: true, out var value) || !Enum.IsDefined(value) || char.IsAsciiDigit(text[0]))
            {
                Report(key, $"must have only {string.Join(", ", Enum.GetNames<T>())}, not \"{text}\"");
            }
            else if (chosen.Contains(value))
            {
                Report(key, $"has {value} twice");
            }
            else
            {
                chosen.Add(value);
            }
        }

        if (chosen.Count == 0)
        {
            Report(key, $"must have at least one of {string.Join(", ", Enum.GetNames<T>())}");
        }

        return chosen;
    }

    /// <summary>A time with its unit, for instance <c>20 min</c>, <c>5 s</c>, <c>1.5 h</c>, <c>200 ms</c>, within a range.</summary>
    public TimeSpan Duration(string key, TimeSpan @default, TimeSpan min, TimeSpan max)
    {
        if (Text(key) is not { } text)
        {
            return @default;
        }

        if (!DurationText.TryParse(text, out var value))
        {
            Report(key, $"must be a time with its unit (ms, s, min, h or d), for instance \"{DurationText.Format(@default)}\", not \"{text}\"");
            return @default;
        }

        if (value < min || value > max)
        {
            Report(key, $"must be from {DurationText.Format(min)} to {DurationText.Format(max)}, not {text}");
            return @default;
        }

        return value;
    }

    /// <summary>An amount of storage with its unit, for instance <c>2.3 GB</c>, within a range; null when the key is not there.</summary>
    public long? Size(string key, long min, long max)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (!SizeText.TryParse(text, out var octets))
        {
            Report(key, $"must be a size with its unit (B, kB, MB, GB or TB), for instance \"2 GB\", not \"{text}\"");
            return null;
        }

        if (octets < min || octets > max)
        {
            Report(key, $"must be from {SizeText.Format(min)} to {SizeText.Format(max)}, not {text}");
            return null;
        }

        return octets;
    }

    /// <summary>A list of texts; a single text counts as a list of one. Empty when the key is not there.</summary>
    public IReadOnlyList<string> Texts(string key, int maxLength = 1024) =>
        Ask(key) switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Children.Select(item => ScalarOf(key, item, maxLength)).OfType<string>()],
            var node => ScalarOf(key, node, maxLength) is { } single ? [single] : [],
        };

    /// <summary>The mapping under a key; null when it is not there.</summary>
    public YamlSection? Section(string key)
    {
        switch (Ask(key))
        {
            case null:
                return null;
            case YamlMappingNode mapping:
                return new YamlSection(_document, mapping, PathOf(key));
            case var other:
                _document.Add(other, $"{PathOf(key)} must hold \"key: value\" lines");
                return null;
        }
    }

    /// <summary>A list of mappings; empty when the key is not there.</summary>
    public IReadOnlyList<YamlSection> Sections(string key)
    {
        var node = Ask(key);
        if (node is null)
        {
            return [];
        }

        if (node is not YamlSequenceNode list)
        {
            _document.Add(node, $"{PathOf(key)} must be a list (lines that begin with \"- \")");
            return [];
        }

        var sections = new List<YamlSection>();
        foreach (var item in list.Children)
        {
            if (item is YamlMappingNode mapping)
            {
                sections.Add(new YamlSection(_document, mapping, string.Create(CultureInfo.InvariantCulture, $"{PathOf(key)}[{sections.Count}]")));
            }
            else
            {
                _document.Add(item, $"{PathOf(key)} must hold \"key: value\" lines in each item");
            }
        }

        return sections;
    }

    /// <summary>Notes an error of the caller's own at the value of a key, or at the section when the key is not there.</summary>
    public void Report(string key, string message) => _document.Add(_values.GetValueOrDefault(key, _node), $"{PathOf(key)} {message}");

    /// <summary>Notes an error of the caller's own at the section.</summary>
    public void Report(string message) => _document.Add(_node, Path.Length == 0 ? message : $"{Path}: {message}");

    internal void RejectUnknownKeys()
    {
        foreach (var key in _node.Children.Keys.OfType<YamlScalarNode>())
        {
            if (!_asked.Contains(key.Value ?? ""))
            {
                _document.Add(key, $"unknown key \"{key.Value}\"{(Path.Length == 0 ? "" : " in " + Path)}; {NearestName.Suggest(key.Value ?? "", _asked)}");
            }
        }
    }

    private bool Require(string key)
    {
        if (Ask(key) is not null)
        {
            return true;
        }

        _document.Add(_node, $"{PathOf(key)} is missing");
        return false;
    }

    private YamlNode? Ask(string key)
    {
        if (!_asked.Contains(key))
        {
            _asked.Add(key);
        }

        return _values.GetValueOrDefault(key);
    }

    private string? ScalarOf(string key, YamlNode node, int maxLength)
    {
        if (node is not YamlScalarNode scalar)
        {
            _document.Add(node, $"{PathOf(key)} must be one value");
            return null;
        }

        var text = scalar.Value ?? "";
        if (scalar.Style == ScalarStyle.Plain && text is "" or "~" or "null")
        {
            _document.Add(node, $"{PathOf(key)} has no value");
            return null;
        }

        if (text.Length > maxLength)
        {
            _document.Add(node, string.Create(CultureInfo.InvariantCulture, $"{PathOf(key)} is longer than {maxLength} characters"));
            return null;
        }

        return text;
    }

    private string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}
