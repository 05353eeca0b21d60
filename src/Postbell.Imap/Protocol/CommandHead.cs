using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>The start of a command: tag, name, and whether it is the UID form.</summary>
/// <param name="Tag">The tag, as text; <c>*</c> when none could be read, which is how an answer without tag is written.</param>
/// <param name="Name">The name in capitals, without <c>UID</c> before it.</param>
/// <param name="IsUid">True for <c>UID FETCH</c> and its kin.</param>
/// <param name="ArgumentsAt">Offset of what follows the name.</param>
internal readonly record struct CommandHead(string Tag, string Name, bool IsUid, int ArgumentsAt)
{
    private const int MaxTagBytes = 256;

    /// <summary>Reads the head; on failure the tag is still given where there is one, so that the answer can name it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> command, ImapLimits limits, out CommandHead head, out ParseFailure failure)
    {
        var reader = new CommandReader(command, limits);
        head = new CommandHead("*", "", IsUid: false, 0);
        if (!reader.Tag(out var tag) || tag.Length > MaxTagBytes)
        {
            failure = ParseFailure.TagMissing;
            return false;
        }

        head = head with { Tag = Encoding.ASCII.GetString(tag) };
        if (!reader.Space() || !reader.Atom(out var name))
        {
            failure = ParseFailure.CommandMissing;
            return false;
        }

        var uid = Ascii.EqualsIgnoreCase(name, "UID"u8);
        if (uid && (!reader.Space() || !reader.Atom(out name)))
        {
            failure = ParseFailure.CommandMissing;
            return false;
        }

        head = new CommandHead(head.Tag, Encoding.ASCII.GetString(name).ToUpperInvariant(), uid, reader.Position);
        failure = ParseFailure.None;
        return true;
    }
}
