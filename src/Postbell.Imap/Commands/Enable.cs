using System.Text;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>ENABLE, RFC 5161: what this server does not know is passed over; what is newly enabled is told.</summary>
internal static class Enable
{
    private static readonly (string Name, ImapExtensions Extension)[] Known =
    [
        ("CONDSTORE", ImapExtensions.CondStore),
        ("QRESYNC", ImapExtensions.QResync),
        ("UTF8=ACCEPT", ImapExtensions.Utf8Accept),
        ("IMAP4REV2", ImapExtensions.Imap4Rev2),
    ];

    public static Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        var wanted = new List<string>();
        do
        {
            if (!reader.Space() || !reader.Atom(out var name))
            {
                return Task.FromResult(CommandResult.Bad(reader));
            }

            wanted.Add(Encoding.ASCII.GetString(name).ToUpperInvariant());
        }
        while (!reader.AtEnd);

        var hadModSeq = session.Enabled.CondStore;
        var enabled = Known.Where(k => wanted.Contains(k.Name) && session.Enabled.Add(k.Extension)).Select(static k => " " + k.Name.Replace("REV", "rev", StringComparison.Ordinal)).ToArray();
        session.Writer.Utf8 = session.Enabled.Utf8Names;
        session.Writer.Untagged("ENABLED" + string.Concat(enabled));
        if (!hadModSeq && session.Enabled.CondStore)
        {
            session.TellHighestModSeq();
        }

        return Task.FromResult(CommandResult.Ok(enabled.Length > 0 ? "Enabled" : "Nothing of that to enable"));
    }
}
