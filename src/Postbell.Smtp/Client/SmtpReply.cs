using Postbell.Core;

namespace Postbell.Smtp.Client;

/// <summary>What a server answered to a command (RFC 5321 section 4.2), or what the client says in its place when it does not even ask.</summary>
/// <param name="Code">Three digits, 200 to 599.</param>
/// <param name="Lines">Text of each line without the code, as it came; at least one.</param>
public sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int LongestText = 512;

    /// <summary>The client says it in the server's place.</summary>
    public bool IsOwn { get; private init; }

    /// <summary>True for 2xx.</summary>
    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>True for 4xx: the same may go well later.</summary>
    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>True for 5xx: it will not go well.</summary>
    public bool IsPermanent => Code >= 500;

    /// <summary>The enhanced status code (RFC 3463) the first line begins with, for instance <c>5.1.1</c>; null when there is none.</summary>
    public string? EnhancedCode
    {
        get
        {
            var text = Lines[0];
            var end = text.IndexOf(' ', StringComparison.Ordinal);
            var code = end < 0 ? text : text[..end];
            var parts = code.Split('.');
            return parts.Length == 3 && parts[0] is "2" or "4" or "5" && parts.Skip(1).All(static p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit)) ? code : null;
        }
    }

    /// <summary>Code and text in one line that is fit to be shown.</summary>
    public string Text => DisplayText.Clean($"{Code} {string.Join(' ', Lines)}", LongestText);

    /// <summary>A reply the client makes itself.</summary>
    internal static SmtpReply Own(int code, string text) => new(code, [text]) { IsOwn = true };
}
