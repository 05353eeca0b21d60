namespace Postbell.Speech.Worker;

/// <summary>Remembers which texts the worker died of. Used by one thread at a time.</summary>
internal sealed class TextQuarantine
{
    private const int AllowedCrashes = 1;

    // Bounds the memory; the oldest entry goes first.
    private const int Capacity = 1000;

    private readonly Dictionary<(string Voice, string Text), int> _crashes = [];
    private readonly Queue<(string Voice, string Text)> _order = new();

    public bool Holds(string voice, string text) => _crashes.GetValueOrDefault((voice, text)) > AllowedCrashes;

    public void Blame(string voice, string text)
    {
        if (!_crashes.TryGetValue((voice, text), out var count))
        {
            _order.Enqueue((voice, text));
            if (_order.Count > Capacity)
            {
                _crashes.Remove(_order.Dequeue());
            }
        }

        _crashes[(voice, text)] = count + 1;
    }
}
