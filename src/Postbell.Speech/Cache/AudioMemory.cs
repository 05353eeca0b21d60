using Postbell.Core;

namespace Postbell.Speech.Cache;

/// <summary>Audio in memory up to a number of bytes; what was not used for longest goes first. Safe from any thread.</summary>
internal sealed class AudioMemory(long capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, PcmAudio Audio)>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, PcmAudio Audio)> _byUse = new();
    private long _bytes;

    public PcmAudio? Find(string key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Audio;
        }
    }

    public void Keep(string key, PcmAudio audio)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(key))
            {
                return;
            }

            _entries[key] = _byUse.AddFirst((key, audio));
            _bytes += SizeOf(audio);
            while (_bytes > capacity && _byUse.Last is { } oldest)
            {
                _byUse.RemoveLast();
                _entries.Remove(oldest.Value.Key);
                _bytes -= SizeOf(oldest.Value.Audio);
            }
        }
    }

    private static long SizeOf(PcmAudio audio) => 100 + (audio.Samples.Length * sizeof(short));
}
