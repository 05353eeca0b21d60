using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Postbell.Sip.Dialogs;

/// <summary>Every living dialog, early ones included.</summary>
internal sealed class DialogTable
{
    private readonly ConcurrentDictionary<DialogKey, SipDialog> _dialogs = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<SipDialog> All => _dialogs.Values;

    public bool TryFind(DialogKey key, [NotNullWhen(true)] out SipDialog? dialog) => _dialogs.TryGetValue(key, out dialog);

    public void Add(SipDialog dialog)
    {
        if (_dialogs.TryAdd(dialog.Key, dialog))
        {
            Interlocked.Increment(ref _count);
        }
    }

    public void Remove(SipDialog dialog)
    {
        if (_dialogs.TryRemove(KeyValuePair.Create(dialog.Key, dialog)))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
