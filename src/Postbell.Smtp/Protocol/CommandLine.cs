using System.Text;

namespace Postbell.Smtp.Protocol;

/// <summary>The verb of a command line and where its arguments begin (RFC 5321 section 4.1.1).</summary>
internal readonly record struct CommandLine(string Verb, int ArgumentsAt)
{
    private const int MaxVerb = 16;

    /// <summary>Reads a line without its CRLF. The verb is given in capitals.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out CommandLine command, out SmtpParseFailure failure)
    {
        command = new CommandLine("", 0);
        foreach (var b in line)
        {
            if (b < 0x20 && b != '\t' || b == 0x7f)
            {
                failure = SmtpParseFailure.ControlCharacter;
                return false;
            }
        }

        var length = 0;
        while (length < line.Length && char.IsAsciiLetterOrDigit((char)line[length]))
        {
            length++;
        }

        if (length is 0 or > MaxVerb || length < line.Length && line[length] is not ((byte)' ' or (byte)'\t'))
        {
            failure = SmtpParseFailure.CommandUnknown;
            return false;
        }

        failure = SmtpParseFailure.None;
        command = new CommandLine(Encoding.ASCII.GetString(line[..length]).ToUpperInvariant(), length);
        return true;
    }
}
