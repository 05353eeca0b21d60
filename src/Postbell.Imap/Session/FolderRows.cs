using System.Collections;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>The rows of an open folder, ascending UID. They are the store's own, shared by all who have the folder open, until the first change here.</summary>
internal sealed class FolderRows : IReadOnlyList<MessageRow>
{
    private MessageRow[] _rows;
    private int _count;
    private bool _shared;

    public FolderRows(IReadOnlyList<MessageRow> rows)
    {
        _rows = rows as MessageRow[] ?? [.. rows];
        _count = _rows.Length;
        _shared = true;
    }

    public int Count => _count;

    public MessageRow this[int index]
    {
        get => _rows[index];
        set
        {
            Own(_count);
            _rows[index] = value;
        }
    }

    /// <summary>All of them; not valid beyond the next change.</summary>
    public ReadOnlySpan<MessageRow> AsSpan() => _rows.AsSpan(0, _count);

    public void AddRange(IReadOnlyCollection<MessageRow> rows)
    {
        Own(_count + rows.Count);
        foreach (var row in rows)
        {
            _rows[_count++] = row;
        }
    }

    /// <summary>Removes those with a UID in <paramref name="gone"/>, which is not empty.</summary>
    public void RemoveAll(IReadOnlySet<uint> gone)
    {
        var kept = new MessageRow[_count];
        var count = 0;
        foreach (var row in AsSpan())
        {
            if (!gone.Contains(row.Uid))
            {
                kept[count++] = row;
            }
        }

        (_rows, _count, _shared) = (kept, count, false);
    }

    public IEnumerator<MessageRow> GetEnumerator() => ((IEnumerable<MessageRow>)new ArraySegment<MessageRow>(_rows, 0, _count)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Own(int capacity)
    {
        if (_shared || capacity > _rows.Length)
        {
            // Messages come one by one: room for some more, as far as it is not half the folder.
            Array.Resize(ref _rows, capacity + Math.Min(capacity / 2, 1024));
            _shared = false;
        }
    }
}
