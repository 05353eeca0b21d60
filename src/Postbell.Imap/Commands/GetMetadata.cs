using System.Globalization;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>GETMETADATA, RFC 5464 section 4.2: what was noted about a mailbox, or about all of a person's mail.</summary>
internal static class GetMetadata
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!MetadataRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        var (place, folder) = await MetadataPlace.FindAsync(session, request.Mailbox, FolderRights.Lookup | FolderRights.Read, ct);
        var known = await session.Services.Store.ReadMetadataAsync(place.View.AccountId, folder, session.Account.Id, ct);
        var told = Told(request, known);
        var small = told.FindAll(e => e.Value is null || e.Value.Length <= (request.MaxSize ?? uint.MaxValue));
        if (small.Count > 0)
        {
            Write(session.Writer, request.Mailbox.Length == 0 ? "" : place.Called, small);
        }

        var longest = told.Except(small).Select(static e => e.Value!.Length).DefaultIfEmpty().Max();
        return CommandResult.Ok("Told", longest > 0 ? string.Create(CultureInfo.InvariantCulture, $"METADATA LONGENTRIES {longest}") : null);
    }

    private static List<MetadataEntry> Told(MetadataRequest request, IReadOnlyList<MetadataEntry> known)
    {
        var told = new List<MetadataEntry>();
        foreach (var name in request.Entries.Distinct(StringComparer.Ordinal))
        {
            var found = known.Where(e => e.Name == name || IsBelow(e.Name, name, request.Depth)).Where(e => !told.Contains(e)).ToList();
            told.AddRange(found);
            if (request.Depth == MetadataDepth.Zero && found.Count == 0 && MetadataEntry.IsName(name))
            {
                told.Add(new MetadataEntry(name, null));
            }
        }

        return told;
    }

    private static bool IsBelow(string name, string root, MetadataDepth depth) => depth != MetadataDepth.Zero
        && name.Length > root.Length && name.StartsWith(root, StringComparison.Ordinal) && name[root.Length] == '/'
        && (depth == MetadataDepth.Infinity || name.IndexOf('/', root.Length + 1) < 0);

    private static void Write(ResponseWriter writer, string mailbox, List<MetadataEntry> entries)
    {
        writer.Raw("* METADATA "u8).Mailbox(mailbox).Raw(" ("u8);
        for (var i = 0; i < entries.Count; i++)
        {
            writer.Text(i > 0 ? " " : "").Text(entries[i].Name).Space();
            if (entries[i].Value is not { } value)
            {
                writer.Raw("NIL"u8);
            }
            else
            {
                // A literal carries any bytes but NUL, for which there is literal8.
                writer.Text(value.Contains((byte)0) ? "~" : "").LiteralMark(value.Length).Raw(value);
            }
        }

        writer.Raw(")"u8).Line();
    }
}
