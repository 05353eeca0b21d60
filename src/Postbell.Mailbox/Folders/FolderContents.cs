namespace Postbell.Mailbox.Folders;

/// <summary>What opening a folder tells of its messages, worked out once for all who open it.</summary>
/// <param name="Rows">Every message, ascending UID; shared, so never changed.</param>
/// <param name="Keywords">Every keyword that one of them has.</param>
/// <param name="FirstUnseen">Place of the first without <c>\Seen</c>, or -1.</param>
internal sealed record FolderContents(MessageRow[] Rows, IReadOnlyList<string> Keywords, int FirstUnseen)
{
    public static FolderContents Of(MessageRow[] rows)
    {
        var keywords = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var firstUnseen = -1;
        for (var i = 0; i < rows.Length; i++)
        {
            ref readonly var row = ref rows[i];
            if (!string.IsNullOrEmpty(row.Flags.Keywords))
            {
                keywords.UnionWith(row.Flags.KeywordList);
            }

            if (firstUnseen < 0 && !row.Flags.Has(SystemFlags.Seen))
            {
                firstUnseen = i;
            }
        }

        return new FolderContents(rows, [.. keywords], firstUnseen);
    }
}
