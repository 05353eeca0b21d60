namespace Postbell.Imap.Protocol;

/// <summary>The wildcards of LIST: <c>*</c> is anything, <c>%</c> anything within one level of the hierarchy.</summary>
internal static class MailboxPattern
{
    /// <summary>
    /// Compares in time proportional to pattern times name, whatever the pattern: all positions the pattern can have reached are
    /// carried along, so a hostile row of stars cannot explode.
    /// </summary>
    public static bool Matches(string pattern, string name)
    {
        var reached = new bool[name.Length + 1];
        reached[0] = true;
        foreach (var c in pattern)
        {
            if (c is '*' or '%')
            {
                Spread(reached, name, acrossLevels: c == '*');
            }
            else
            {
                Step(reached, name, c);
            }
        }

        return reached[name.Length];
    }

    private static void Spread(bool[] reached, string name, bool acrossLevels)
    {
        for (var i = 0; i < name.Length; i++)
        {
            reached[i + 1] |= reached[i] && (acrossLevels || name[i] != MailboxName.Separator);
        }
    }

    private static void Step(bool[] reached, string name, char c)
    {
        for (var i = name.Length; i > 0; i--)
        {
            reached[i] = reached[i - 1] && name[i - 1] == c;
        }

        reached[0] = false;
    }
}
