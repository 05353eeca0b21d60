namespace Postbell.Smtp.Protocol;

/// <summary>An address of the envelope, quotes of the local part taken off; the null path has neither part.</summary>
/// <param name="LocalPart">What stands before @, without quotes and backslashes.</param>
/// <param name="Domain">What stands behind; empty for <c>&lt;postmaster&gt;</c>, with brackets for an address literal.</param>
/// <param name="Text">As it was written, without the angle brackets and without a source route.</param>
internal readonly record struct MailPath(string LocalPart, string Domain, string Text)
{
    public static MailPath Null => new("", "", "");

    public bool IsNull => Text.Length == 0;

    public bool IsAscii => System.Text.Ascii.IsValid(Text);
}
