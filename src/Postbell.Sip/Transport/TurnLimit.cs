using System.Net;
using Postbell.Sip.Defence;

namespace Postbell.Sip.Transport;

/// <summary>
/// Keeps few what has yet to prove itself, handshakes and strangers' connections: a fixed number from one source, a fixed number in all. In all, the
/// newest goes before the oldest: an honest peer has shown in milliseconds who it is, so what stands for long is what is in the way.
/// </summary>
internal sealed class TurnLimit(int most, int mostPerSource)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Turn> _turns = [];
    private readonly Dictionary<UInt128, int> _perSource = [];

    /// <summary>Turns taken.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _turns.Count;
            }
        }
    }

    /// <summary>A turn, to be given back by disposing it; null when its source has too many.</summary>
    public Turn? Enter(IPAddress address)
    {
        Turn? displaced = null;
        Turn turn;
        var source = SourceKey.Of(address);
        lock (_gate)
        {
            var same = _perSource.GetValueOrDefault(source);
            if (same >= mostPerSource)
            {
                return null;
            }

            if (_turns.Count >= most)
            {
                displaced = _turns.First!.Value;
                Remove(displaced);
            }

            _perSource[source] = _perSource.GetValueOrDefault(source) + 1;
            turn = new Turn(this, source);
            _turns.AddLast(turn.Node);
        }

        // Outside of the lock: whoever waits on the turn continues right here.
        displaced?.Displace();
        return turn;
    }

    private void Leave(Turn turn)
    {
        lock (_gate)
        {
            Remove(turn);
        }
    }

    private void Remove(Turn turn)
    {
        if (turn.Node.List is null)
        {
            return;
        }

        _turns.Remove(turn.Node);
        var rest = _perSource[turn.Source] - 1;
        if (rest == 0)
        {
            _perSource.Remove(turn.Source);
        }
        else
        {
            _perSource[turn.Source] = rest;
        }
    }

    /// <summary>The right of one to go on.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly TurnLimit _limit;
        private readonly CancellationTokenSource _displaced = new();

        internal Turn(TurnLimit limit, UInt128 source)
        {
            _limit = limit;
            Source = source;
            Node = new LinkedListNode<Turn>(this);
        }

        /// <summary>Cancelled when the turn went to another.</summary>
        public CancellationToken Displaced => _displaced.Token;

        internal UInt128 Source { get; }

        internal LinkedListNode<Turn> Node { get; }

        public void Dispose() => _limit.Leave(this);

        internal void Displace() => _displaced.Cancel();
    }
}
