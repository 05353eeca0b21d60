using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>What of a part is meant, after its numbers.</summary>
internal enum SectionText
{
    /// <summary>The whole part: the body of the part, or the whole message when no number stands before it.</summary>
    Whole,
    Header,
    HeaderFields,
    HeaderFieldsNot,
    Text,
    Mime,
}

/// <summary>The inside of <c>BODY[...]</c>: RFC 3501 section.</summary>
/// <param name="Part">Part numbers from the outside in, from 1; empty for the message itself.</param>
/// <param name="Text">What of that part.</param>
/// <param name="Fields">Header names of HEADER.FIELDS and HEADER.FIELDS.NOT as the client wrote them.</param>
internal sealed record SectionSpec(IReadOnlyList<int> Part, SectionText Text, IReadOnlyList<string> Fields)
{
    /// <summary>The whole message.</summary>
    public static SectionSpec Everything { get; } = new([], SectionText.Whole, []);

    /// <summary>As it is echoed in the answer, without the brackets.</summary>
    public override string ToString()
    {
        var echo = new StringBuilder().AppendJoin('.', Part);
        var word = Text switch
        {
            SectionText.Header => "HEADER",
            SectionText.HeaderFields => "HEADER.FIELDS",
            SectionText.HeaderFieldsNot => "HEADER.FIELDS.NOT",
            SectionText.Text => "TEXT",
            SectionText.Mime => "MIME",
            _ => "",
        };
        if (echo.Length > 0 && word.Length > 0)
        {
            echo.Append('.');
        }

        echo.Append(word);
        if (Fields.Count > 0)
        {
            echo.Append(" (").AppendJoin(' ', Fields.Select(Astring)).Append(')');
        }

        return echo.ToString();
    }

    /// <summary>Field names are kept to what an atom or a quoted string can hold, so the echo needs no literal.</summary>
    private static string Astring(string field) =>
        field.AsSpan().ContainsAny("\"%()*\\{")
            ? "\"" + field.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
            : field;
}

/// <summary>The <c>&lt;offset.length&gt;</c> after a section.</summary>
internal readonly record struct PartialRange(long Offset, long Length);
