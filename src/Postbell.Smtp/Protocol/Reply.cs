namespace Postbell.Smtp.Protocol;

/// <summary>One reply: code (RFC 5321 section 4.2), enhanced code (RFC 2034; empty where none belongs) and text of the server's own making.</summary>
internal readonly record struct Reply(int Code, string Enhanced, string Text)
{
    public bool IsPositive => Code < 400;

    public override string ToString() => Enhanced.Length == 0 ? $"{Code} {Text}" : $"{Code} {Enhanced} {Text}";
}
