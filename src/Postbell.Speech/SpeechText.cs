using System.Text;
using Postbell.Core;

namespace Postbell.Speech;

/// <summary>Makes text fit for a speech engine: strangers choose names, and engines are C code.</summary>
public static class SpeechText
{
    /// <summary>Longest text of one request in characters.</summary>
    public const int MaxLength = 1500;

    /// <summary>Longest name in characters; nobody listens to more.</summary>
    public const int MaxNameLength = 80;

    // Longer words make engines slow without being words.
    private const int MaxWordLength = 40;

    // Letters with marks and what the engine, which knows ASCII only, says for them.
    private static readonly Dictionary<char, string> s_plainLetters = PlainLetters(
        "a:àáâãåāăą,ae:äæ,c:çćĉċč,d:ďđð,e:èéêëēĕėęě,g:ĝğġģ,h:ĥħ,i:ìíîïĩīĭįı,j:ĵ,k:ķ,l:ĺļľŀł,n:ñńņňŉŋ,o:òóôõøōŏő,oe:öœ,"
        + "r:ŕŗř,s:śŝşšș,ss:ß,t:ţťŧț,th:þ,u:ùúûũūŭůűų,ue:ü,w:ŵ,y:ýÿŷ,z:źżž");

    /// <summary>
    /// A name ready to be spoken: ASCII letters and digits, at most <see cref="MaxNameLength"/> characters; empty when nothing of it can be
    /// spoken.
    /// </summary>
    public static string CleanName(string name)
    {
        var visible = DisplayText.Clean(name.Length > 4096 ? name.AsSpan(0, 4096) : name, MaxNameLength);
        var spoken = new StringBuilder(visible.Length);
        var word = 0;
        foreach (var c in visible)
        {
            // Signs that engines read as markup or by name become blanks.
            var said = char.IsAsciiLetterOrDigit(c) ? c.ToString()
                : s_plainLetters.TryGetValue(c, out var plain) ? plain
                : c is '\'' or '-' or '.' or ',' ? c.ToString()
                : " ";
            word = char.IsAsciiLetterOrDigit(said[0]) ? word + said.Length : 0;
            if (word > MaxWordLength)
            {
                spoken.Append(' ');
                word = 0;
            }

            spoken.Append(said);
        }

        var clean = DisplayText.Clean(spoken.ToString(), MaxNameLength);
        return clean.Any(char.IsAsciiLetterOrDigit) ? clean : "";
    }

    /// <summary>The characters of a number that have a word, one after the other.</summary>
    public static string SpellNumber(string number, IReadOnlyDictionary<char, string> words)
    {
        var spoken = new List<string>();
        foreach (var c in number.AsSpan(0, Math.Min(number.Length, PhoneNumber.MaxDigits * 2)))
        {
            if (spoken.Count < PhoneNumber.MaxDigits && words.TryGetValue(c, out var word))
            {
                spoken.Add(word);
            }
        }

        return string.Join(' ', spoken);
    }

    private static Dictionary<char, string> PlainLetters(string table)
    {
        var letters = new Dictionary<char, string>();
        foreach (var entry in table.Split(','))
        {
            var (plain, marked) = (entry[..entry.IndexOf(':', StringComparison.Ordinal)], entry[(entry.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            foreach (var letter in marked)
            {
                letters[letter] = plain;
                letters.TryAdd(char.ToUpperInvariant(letter), char.ToUpperInvariant(plain[0]) + plain[1..]);
            }
        }

        return letters;
    }
}
