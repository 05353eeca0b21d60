using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>
/// One folder as this session sees it: which message has which sequence number. RFC 3501 section 2.3.1.2.
/// </summary>
/// <remarks>
/// Invariants: <c>_rows</c> is what the client has been told, ascending UID, so index plus one is the sequence number; what the store says
/// is first only noted (<see cref="NoteAsync"/>) and changes the numbers when it is told (<see cref="Tell"/>). A message that is gone keeps its
/// number until its EXPUNGE is told, which never happens in answer to FETCH, STORE or SEARCH without UID (RFC 3501 section 7.4.1).
/// Used by the session's own loop only; <see cref="MarkChanged"/> may come from any thread.
/// </remarks>
internal sealed class SelectedFolder
{
    private readonly MailboxView _mailbox;
    private readonly FolderRows _rows;
    private readonly List<MessageRow> _arrived = [];
    private readonly SortedSet<uint> _vanished = [];
    private readonly SortedSet<uint> _flagsChanged = [];
    private readonly SortedSet<string> _keywords = new(StringComparer.OrdinalIgnoreCase);
    private bool _keywordsChanged;
    private readonly EnabledExtensions _enabled;
    private long _modSeq;
    private int _changed;

    public SelectedFolder(MailboxView mailbox, FolderSnapshot snapshot, bool readOnly, EnabledExtensions enabled)
    {
        _enabled = enabled;
        _mailbox = mailbox;
        _rows = new FolderRows(snapshot.Rows);
        _modSeq = snapshot.HighestModSeq;
        ToldModSeq = snapshot.HighestModSeq;
        FirstRecentUid = snapshot.FirstRecentUid;
        Folder = snapshot.Folder;
        UidNext = snapshot.UidNext;
        ReadOnly = readOnly;
        _keywords.UnionWith(snapshot.Keywords);
    }

    /// <summary>The mailbox the folder lies in: the person's own, or that of somebody who shares it.</summary>
    public MailboxView Mailbox => _mailbox;

    /// <summary>What the person may do with the folder.</summary>
    public FolderRights Rights { get; set; } = FolderRights.All;

    public MailFolder Folder { get; }

    public bool ReadOnly { get; }

    /// <summary>Messages from this UID on are \Recent here.</summary>
    public uint FirstRecentUid { get; }

    public uint UidNext { get; private set; }

    /// <summary>The MODSEQ up to which the client has been told everything: what it may catch up from when it comes back.</summary>
    public long ToldModSeq { get; private set; }

    /// <summary>True while messages are gone whose EXPUNGE may not be told yet.</summary>
    public bool HoldsBack => _vanished.Count > 0;

    /// <summary>True when the folder was deleted while it was open.</summary>
    public bool IsGone { get; private set; }

    /// <summary>What <c>$</c> stands for (RFC 5182): UIDs, so that what is expunged leaves it by itself.</summary>
    public IReadOnlyList<UidRange> Saved { get; set; } = [];

    /// <summary>Messages the client knows, by sequence number less one.</summary>
    public FolderRows Rows => _rows;

    /// <summary>The highest UID the client knows, zero when the folder is empty.</summary>
    public uint LastUid => _rows.Count > 0 ? _rows[^1].Uid : 0;

    public int Recent => _rows.Count - LowerBound(FirstRecentUid);

    /// <summary>All flags in use, as FLAGS and PERMANENTFLAGS tell them.</summary>
    public string FlagNames => string.Join(' ', new[] { "\\Answered \\Flagged \\Deleted \\Seen \\Draft" }.Concat(_keywords));

    /// <summary>The flags this person may change, as PERMANENTFLAGS tells them.</summary>
    public string SettableFlagNames => Rights == FolderRights.All ? FlagNames + " \\*" : FlagScope.Of(Rights) switch
    {
        { Keywords: true } scope => string.Join(' ', FlagNames.Split(' ').Where(name => name[0] != '\\' || scope.Within(MessageFlags.Parse([name])) != MessageFlags.None)) + " \\*",
        var scope => new MessageFlags(scope.System).ToString(),
    };

    /// <summary>Something happened in the folder; the next answer must look.</summary>
    public void MarkChanged() => Volatile.Write(ref _changed, 1);

    public bool IsRecent(uint uid) => uid >= FirstRecentUid;

    public bool IsVanished(uint uid) => _vanished.Contains(uid);

    /// <summary>Index of a UID, or negative.</summary>
    public int IndexOf(uint uid)
    {
        var at = LowerBound(uid);
        return at < _rows.Count && _rows[at].Uid == uid ? at : -1;
    }

    /// <summary>
    /// Indexes of the messages a set means, ascending. A sequence number beyond the last is refused; a UID without message is passed over.
    /// </summary>
    public bool TryResolve(SequenceSet set, bool uid, out List<int> indexes)
    {
        indexes = [];
        if (!uid && (set.Largest > _rows.Count || (_rows.Count == 0 && set.HasStar)))
        {
            return false;
        }

        indexes = Resolve(set, uid);
        return true;
    }

    /// <summary>As <see cref="TryResolve"/>, but a sequence number beyond the last is passed over too.</summary>
    public List<int> Resolve(SequenceSet set, bool uid)
    {
        var indexes = new List<int>();
        if (set.IsSaved)
        {
            foreach (var range in Saved)
            {
                for (var i = LowerBound(range.First); i < _rows.Count && _rows[i].Uid <= range.Last; i++)
                {
                    indexes.Add(i);
                }
            }

            return indexes;
        }

        foreach (var (from, to) in set.Resolve(uid ? LastUid : (uint)_rows.Count).Ranges)
        {
            var first = uid ? LowerBound(from) : (int)Math.Min(from - 1, int.MaxValue);
            for (var i = first; i < _rows.Count && (uid ? _rows[i].Uid <= to : i < to); i++)
            {
                indexes.Add(i);
            }
        }

        return indexes;
    }

    /// <summary>
    /// The UIDs a set means in a search: numbers beyond the last message find nothing, for a search is a question and no order. A run of
    /// sequence numbers is one run of UIDs, for nothing lies between two messages that follow each other.
    /// </summary>
    public IReadOnlyList<UidRange> UidsOf(SequenceSet set, bool uid)
    {
        if (set.IsSaved)
        {
            return Saved;
        }

        var ranges = new List<UidRange>();
        foreach (var (from, to) in set.Resolve(uid ? LastUid : (uint)_rows.Count).Ranges)
        {
            if (uid)
            {
                ranges.Add(new UidRange(from, to));
            }
            else if (from <= _rows.Count)
            {
                ranges.Add(new UidRange(_rows[(int)from - 1].Uid, _rows[(int)Math.Min(to, (uint)_rows.Count) - 1].Uid));
            }
        }

        return ranges;
    }

    /// <summary>The UIDs of some messages as the store wants them.</summary>
    public IReadOnlyList<UidRange> Uids(IEnumerable<int> indexes) => UidRange.From(indexes.Select(i => _rows[i].Uid));

    /// <summary>Reads what the store says happened since the last look, when something did or the caller must know.</summary>
    public async Task NoteAsync(bool always, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _changed, 0) == 0 && !always)
        {
            return;
        }

        var changes = await _mailbox.ReadChangesAsync(Folder.Id, _modSeq, ct);
        if (!changes.Exists)
        {
            IsGone = true;
            return;
        }

        foreach (var row in changes.Changed)
        {
            NoteRow(row);
        }

        foreach (var uid in changes.Vanished)
        {
            NoteVanished(uid);
        }

        _modSeq = changes.HighestModSeq;
        UidNext = changes.UidNext;
    }

    /// <summary>
    /// The MODSEQ a client can come back with that has expunged these messages without being told which: the newest one, when it knows that they were
    /// marked as deleted and nothing else happened that it has not been told of.
    /// </summary>
    public long ModSeqKnowing(IReadOnlyList<uint> gone) =>
        _arrived.Count == 0 && _flagsChanged.Count == 0 && _vanished.SetEquals(gone)
        && gone.All(uid => _rows[IndexOf(uid)].Flags.Has(SystemFlags.Deleted)) ? _modSeq : ToldModSeq;

    /// <summary>Takes rows this session changed itself: they are told by the command, not a second time.</summary>
    public void Apply(IEnumerable<MessageRow> rows)
    {
        foreach (var row in rows)
        {
            if (IndexOf(row.Uid) is var at and >= 0)
            {
                _rows[at] = row;
                NoteKeywords(row.Flags);
            }
        }
    }

    /// <summary>Tells the client what was noted.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="expunge">True when numbers may move.</param>
    /// <param name="uidInFetch">True when flags are told with the UID.</param>
    /// <param name="withheld">What the client does not want to hear of here (RFC 5465): new messages, changed flags. It stays noted.</param>
    public void Tell(ResponseWriter writer, bool expunge, bool uidInFetch, NotifyEvents withheld = NotifyEvents.None)
    {
        if (expunge)
        {
            TellVanished(writer);
        }

        if (_arrived.Count > 0 && !withheld.HasFlag(NotifyEvents.MessageNew))
        {
            _rows.AddRange(_arrived);
            _arrived.Clear();
            TellCount(writer);
        }

        if (!withheld.HasFlag(NotifyEvents.FlagChange))
        {
            TellChanged(writer, uidInFetch);
        }

        if (_vanished.Count == 0 && _arrived.Count == 0 && _flagsChanged.Count == 0)
        {
            ToldModSeq = _modSeq;
        }
    }

    /// <summary>Writes EXISTS, and RECENT where the client knows it.</summary>
    public void TellCount(ResponseWriter writer)
    {
        writer.Raw("* "u8).Number(_rows.Count).Raw(" EXISTS\r\n"u8);
        if (!_enabled.Imap4Rev2)
        {
            writer.Raw("* "u8).Number(Recent).Raw(" RECENT\r\n"u8);
        }
    }

    /// <summary>Writes <c>* OK [HIGHESTMODSEQ n]</c>.</summary>
    public void TellHighestModSeq(ResponseWriter writer) =>
        writer.Raw("* OK [HIGHESTMODSEQ "u8).Number(ToldModSeq).Text("] Told up to here").Line();

    /// <summary>
    /// Writes <c>* VANISHED (EARLIER) uids</c>: those that are gone and have no number here. It moves no sequence numbers.
    /// </summary>
    public void TellEarlier(ResponseWriter writer, IReadOnlyList<UidRange> gone)
    {
        var told = NumberRanges.Of(gone.SelectMany(static r => Enumerable.Range(0, (int)(r.Last - r.First + 1)).Select(i => r.First + (uint)i))
            .Where(uid => IndexOf(uid) < 0));
        if (!told.IsEmpty)
        {
            writer.Raw("* VANISHED (EARLIER) "u8).Text(told.ToString()).Line();
        }
    }

    /// <summary>Writes <c>MODSEQ (n)</c>.</summary>
    public static void WriteModSeq(ResponseWriter writer, MessageRow row) => writer.Raw("MODSEQ ("u8).Number(row.ModSeq).Raw(")"u8);

    /// <summary>Writes <c>* n FETCH (MODSEQ (n))</c>: the client knows the flags it has set, but not what MODSEQ they gave.</summary>
    public void TellModSeq(ResponseWriter writer, int index, bool withUid)
    {
        WriteFetchHead(writer, index, withUid);
        WriteModSeq(writer, _rows[index]);
        writer.Raw(")\r\n"u8);
    }

    /// <summary>Writes <c>* n FETCH (FLAGS (...))</c>.</summary>
    public void TellFlags(ResponseWriter writer, int index, bool withUid)
    {
        TellKeywords(writer);
        WriteFetchHead(writer, index, withUid);
        WriteFlags(writer, _rows[index]);
        if (_enabled.CondStore)
        {
            WriteModSeq(writer.Space(), _rows[index]);
        }

        writer.Raw(")\r\n"u8);
    }

    /// <summary>Writes <c>FLAGS (...)</c> with \Recent where it belongs; a change of these flags is told by it.</summary>
    public void WriteFlags(ResponseWriter writer, MessageRow row)
    {
        _flagsChanged.Remove(row.Uid);
        var flags = row.Flags.ToString();
        writer.Raw("FLAGS ("u8).Text(flags);
        if (IsRecent(row.Uid) && !_enabled.Imap4Rev2)
        {
            writer.Raw(flags.Length > 0 ? " \\Recent"u8 : "\\Recent"u8);
        }

        writer.Raw(")"u8);
    }

    /// <summary>FLAGS once more when a keyword came into use that the client has not heard of.</summary>
    public void TellKeywords(ResponseWriter writer)
    {
        if (_keywordsChanged)
        {
            _keywordsChanged = false;
            writer.Untagged($"FLAGS ({FlagNames})").Untagged($"OK [PERMANENTFLAGS ({SettableFlagNames})] Flags that can be set");
        }
    }

    private void WriteFetchHead(ResponseWriter writer, int index, bool withUid)
    {
        writer.Raw("* "u8).Number(index + 1).Raw(" FETCH ("u8);
        if (withUid || _enabled.QResync)
        {
            writer.Raw("UID "u8).Number(_rows[index].Uid).Space();
        }
    }

    private void TellChanged(ResponseWriter writer, bool uidInFetch)
    {
        TellKeywords(writer);
        foreach (var uid in _flagsChanged.ToArray())
        {
            if (IndexOf(uid) is var at and >= 0 && !_vanished.Contains(uid))
            {
                TellFlags(writer, at, uidInFetch);
            }
        }

        _flagsChanged.Clear();
    }

    private void TellVanished(ResponseWriter writer)
    {
        if (_vanished.Count == 0)
        {
            return;
        }

        if (_enabled.QResync)
        {
            writer.Raw("* VANISHED "u8).Text(NumberRanges.Of(_vanished).ToString()).Line();
        }
        else
        {
            TellExpunged(writer);
        }

        _rows.RemoveAll(_vanished);
        _vanished.Clear();
    }

    private void TellExpunged(ResponseWriter writer)
    {
        // Each EXPUNGE counts with the numbers left by the ones before it.
        var told = 0;
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_vanished.Contains(_rows[i].Uid))
            {
                writer.Raw("* "u8).Number(i + 1 - told).Raw(" EXPUNGE\r\n"u8);
                told++;
            }
        }
    }

    private void NoteRow(MessageRow row)
    {
        if (IndexOf(row.Uid) is var at and >= 0)
        {
            if (_rows[at].Flags != row.Flags || (_enabled.CondStore && _rows[at].ModSeq != row.ModSeq))
            {
                _flagsChanged.Add(row.Uid);
            }

            _rows[at] = row;
        }
        else if (row.Uid > LastUid && (_arrived.Count == 0 || row.Uid > _arrived[^1].Uid))
        {
            // First, for very many may come at once.
            _arrived.Add(row);
        }
        else if (_arrived.FindIndex(r => r.Uid == row.Uid) is var waiting and >= 0)
        {
            _arrived[waiting] = row;
        }

        NoteKeywords(row.Flags);
    }

    private void NoteVanished(uint uid)
    {
        if (_arrived.RemoveAll(r => r.Uid == uid) == 0 && IndexOf(uid) >= 0)
        {
            _vanished.Add(uid);
        }
    }

    private void NoteKeywords(MessageFlags flags)
    {
        if (string.IsNullOrEmpty(flags.Keywords))
        {
            return;
        }

        foreach (var keyword in flags.KeywordList)
        {
            _keywordsChanged |= _keywords.Add(keyword);
        }
    }

    private int LowerBound(uint uid)
    {
        var low = 0;
        var high = _rows.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_rows[middle].Uid < uid)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
