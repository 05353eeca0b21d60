namespace Postbell.Mailbox;

/// <summary>System flags of IMAP. The numbers are stored.</summary>
[Flags]
public enum SystemFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>\Seen</c>.</summary>
    Seen = 1,

    /// <summary><c>\Answered</c>.</summary>
    Answered = 2,

    /// <summary><c>\Flagged</c>.</summary>
    Flagged = 4,

    /// <summary><c>\Deleted</c>.</summary>
    Deleted = 8,

    /// <summary><c>\Draft</c>.</summary>
    Draft = 16,
}

/// <summary>The flags of one message: system flags and keywords. Immutable and cheap to keep by the hundred thousand.</summary>
/// <param name="System">System flags.</param>
/// <param name="Keywords">Keywords separated by one blank, sorted, in the case first given; empty for none.</param>
public readonly record struct MessageFlags(SystemFlags System, string Keywords)
{
    /// <summary>Most characters all keywords of a message may take together.</summary>
    public const int MaxKeywordLength = 2000;

    private static readonly (SystemFlags Flag, string Name)[] Names =
    [
        (SystemFlags.Answered, "\\Answered"), (SystemFlags.Flagged, "\\Flagged"), (SystemFlags.Deleted, "\\Deleted"),
        (SystemFlags.Seen, "\\Seen"), (SystemFlags.Draft, "\\Draft"),
    ];

    /// <summary>The text of each set of system flags.</summary>
    private static readonly string[] SystemTexts =
    [
        .. Enumerable.Range(0, 32).Select(static set => string.Join(' ', Names.Where(n => ((SystemFlags)set & n.Flag) != 0).Select(static n => n.Name))),
    ];

    /// <summary>System flags alone.</summary>
    public MessageFlags(SystemFlags system)
        : this(system, "")
    {
    }

    /// <summary>No flag.</summary>
    public static MessageFlags None { get; } = new(SystemFlags.None, "");

    /// <summary>Keywords one by one.</summary>
    public IReadOnlyList<string> KeywordList => string.IsNullOrEmpty(Keywords) ? [] : Keywords.Split(' ');

    /// <summary>Makes flags from IMAP names. <c>\Recent</c> is ignored; an unknown <c>\</c> flag or a keyword that is no atom is refused.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.InvalidFlag"/>.</exception>
    public static MessageFlags Parse(IEnumerable<string> names)
    {
        var system = SystemFlags.None;
        var keywords = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (TryParseSystem(name, out var flag))
            {
                system |= flag;
            }
            else if (IsKeyword(name))
            {
                keywords.Add(name);
            }
            else if (!name.Equals("\\Recent", StringComparison.OrdinalIgnoreCase))
            {
                throw new MailboxException(MailboxFailure.InvalidFlag, $"\"{name}\" is not a flag that can be stored.");
            }
        }

        return new MessageFlags(system, Join(keywords));
    }

    /// <summary>True when every flag of <paramref name="other"/> is set here.</summary>
    public bool Contains(MessageFlags other) =>
        (System & other.System) == other.System && (string.IsNullOrEmpty(other.Keywords) || other.KeywordList.All(Has));

    /// <summary>True when the keyword is set; case does not matter.</summary>
    public bool Has(string keyword) => KeywordList.Contains(keyword, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the system flag is set.</summary>
    public bool Has(SystemFlags flag) => (System & flag) != 0;

    /// <summary>These flags and those of <paramref name="other"/>.</summary>
    public MessageFlags With(MessageFlags other)
    {
        if (string.IsNullOrEmpty(other.Keywords))
        {
            return new MessageFlags(System | other.System, Keywords ?? "");
        }

        var all = new SortedSet<string>(KeywordList, StringComparer.OrdinalIgnoreCase);
        all.UnionWith(other.KeywordList);
        return new MessageFlags(System | other.System, Join(all));
    }

    /// <summary>These flags without those of <paramref name="other"/>.</summary>
    public MessageFlags Without(MessageFlags other) =>
        new(System & ~other.System, Join(KeywordList.Except(other.KeywordList, StringComparer.OrdinalIgnoreCase)));

    /// <summary>IMAP form without parentheses, for instance <c>\Seen $Forwarded</c>. Without keywords it allocates nothing.</summary>
    public override string ToString()
    {
        var system = SystemTexts[(int)System & (SystemTexts.Length - 1)];
        return string.IsNullOrEmpty(Keywords) ? system : system.Length == 0 ? Keywords : system + " " + Keywords;
    }

    private static bool TryParseSystem(string name, out SystemFlags flag)
    {
        foreach (var (candidate, spelling) in Names)
        {
            if (spelling.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                flag = candidate;
                return true;
            }
        }

        flag = SystemFlags.None;
        return false;
    }

    // RFC 3501: a keyword is an atom.
    private static bool IsKeyword(string name) =>
        name.Length is > 0 and <= 255 && name.All(static c => c is > ' ' and < '\x7f' and not ('(' or ')' or '{' or '%' or '*' or '"' or '\\' or ']'));

    private static string Join(IEnumerable<string> keywords)
    {
        var joined = string.Join(' ', keywords);
        return joined.Length <= MaxKeywordLength
            ? joined
            : throw new MailboxException(MailboxFailure.InvalidFlag, "The keywords of a message take too much room together.");
    }
}
