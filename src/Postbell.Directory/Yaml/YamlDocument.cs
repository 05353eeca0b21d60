using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Postbell.Directory.Yaml;

/// <summary>
/// One YAML file being read strictly: every value is asked for by key, every problem is noted with its place, and keys that nobody asked for are
/// errors. Read <see cref="Root"/>, then call <see cref="Finish"/>.
/// </summary>
public sealed class YamlDocument
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private const int MaxDepth = 32;

    private readonly List<ConfigurationError> _errors = [];
    private readonly List<YamlSection> _sections = [];

    private int _scannedLine = 1;
    private int _scannedColumn = 1;

    private YamlDocument(string fileName)
    {
        FileName = fileName;
        Root = new YamlSection(this, new YamlMappingNode(), "");
    }

    /// <summary>Name of the file, for messages.</summary>
    public string FileName { get; }

    /// <summary>The outermost mapping; empty when the file is empty or broken.</summary>
    public YamlSection Root { get; private set; }

    /// <summary>What was found wrong so far, in the order of lines.</summary>
    public IReadOnlyList<ConfigurationError> Errors => [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];

    /// <summary>Reads the structure of a text. Broken YAML is an entry in <see cref="Errors"/>, never an exception.</summary>
    public static YamlDocument Parse(string text, string fileName)
    {
        var document = new YamlDocument(fileName);
        if (text.Length > MaxLength)
        {
            document.Add(1, 1, $"the file is longer than {MaxLength} characters");
            return document;
        }

        try
        {
            if (document.FindTooDeep(text))
            {
                return document;
            }

            var stream = new YamlStream();
            using var reader = new StringReader(text);
            stream.Load(reader);
            document.Take(stream);
        }
        catch (YamlException e)
        {
            document.Add((int)e.Start.Line, (int)e.Start.Column, "this is not YAML: " + e.Message);
        }
        catch (InvalidOperationException)
        {
            // The scanner of YamlDotNet throws this without a place for some texts, for instance a key inside an open bracket.
            document.Add(document._scannedLine, document._scannedColumn, "this is not YAML: what begins here does not end as it should");
        }

        return document;
    }

    /// <summary>Notes every key that was not asked for as an error and returns all errors; none means the file is good.</summary>
    public IReadOnlyList<ConfigurationError> Finish()
    {
        foreach (var section in _sections.ToArray())
        {
            section.RejectUnknownKeys();
        }

        return Errors;
    }

    internal void Register(YamlSection section) => _sections.Add(section);

    internal void Add(YamlNode at, string message) => Add((int)at.Start.Line, (int)at.Start.Column, message);

    private void Add(int line, int column, string message) =>
        _errors.Add(new ConfigurationError(FileName, Math.Max(1, line), Math.Max(1, column), message));

    private void Take(YamlStream stream)
    {
        if (stream.Documents.Count > 1)
        {
            Add(stream.Documents[1].RootNode, "only one YAML document is allowed in the file");
        }

        if (stream.Documents.Count == 0)
        {
            return;
        }

        switch (stream.Documents[0].RootNode)
        {
            case YamlMappingNode mapping:
                Root = new YamlSection(this, mapping, "");
                break;
            case YamlScalarNode { Value: null or "" }:
                break;
            case var other:
                Add(other, "the file must be a list of \"key: value\" lines");
                break;
        }
    }

    // The tree builder calls itself for each level; a hostile file must not exhaust the stack. Aliases are refused with it: a node that
    // contains itself would do the same, and shared settings have names here.
    private bool FindTooDeep(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var depth = 0;
        while (parser.MoveNext())
        {
            _scannedLine = (int)parser.Current!.End.Line;
            _scannedColumn = (int)parser.Current.End.Column;
            depth += parser.Current.NestingIncrease;
            if (depth > MaxDepth || parser.Current is AnchorAlias)
            {
                var message = depth > MaxDepth
                    ? string.Create(CultureInfo.InvariantCulture, $"nested deeper than {MaxDepth} levels")
                    : "aliases (*name) are not allowed";
                Add((int)parser.Current.Start.Line, (int)parser.Current.Start.Column, message);
                return true;
            }
        }

        return false;
    }
}
