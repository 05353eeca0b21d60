namespace Postbell.Media.Engine;

/// <summary>Keys typed ahead, first in first out. When it is full, further keys are dropped: nobody types 64 keys ahead.</summary>
internal struct DigitQueue
{
    private const int Capacity = 64;

    private char[]? _keys;
    private int _first;
    private int _count;

    public readonly char? First => _count > 0 ? _keys![_first] : null;

    public void Add(char key)
    {
        _keys ??= new char[Capacity];
        if (_count < Capacity)
        {
            _keys[(_first + _count++) % Capacity] = key;
        }
    }

    public char? Take()
    {
        var key = First;
        if (key is not null)
        {
            _first = (_first + 1) % Capacity;
            _count--;
        }

        return key;
    }

    public void Clear() => _count = 0;
}
