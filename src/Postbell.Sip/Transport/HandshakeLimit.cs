using System.Net;

namespace Postbell.Sip.Transport;

/// <summary>
/// Keeps handshakes few: a fixed number from one address, a fixed number in all. In all, the newest goes before the oldest: an honest handshake is over
/// in milliseconds, so what stands for long is what is in the way.
/// </summary>
internal sealed class HandshakeLimit(int most, int mostPerAddress)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Turn> _turns = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];

    /// <summary>Handshakes under way.</summary>
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

    /// <summary>A turn, to be given back by disposing it; null when the address has too many.</summary>
    public Turn? Enter(IPAddress address)
    {
        Turn? displaced = null;
        Turn turn;
        lock (_gate)
        {
            var same = _perAddress.GetValueOrDefault(address);
            if (same >= mostPerAddress)
            {
                return null;
            }

            if (_turns.Count >= most)
            {
                displaced = _turns.First!.Value;
                Remove(displaced);
            }

            _perAddress[address] = _perAddress.GetValueOrDefault(address) + 1;
            turn = new Turn(this, address);
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
        var rest = _perAddress[turn.Address] - 1;
        if (rest == 0)
        {
            _perAddress.Remove(turn.Address);
        }
        else
        {
            _perAddress[turn.Address] = rest;
        }
    }

    /// <summary>One handshake's right to go on.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly HandshakeLimit _limit;
        private readonly CancellationTokenSource _displaced = new();

        internal Turn(HandshakeLimit limit, IPAddress address)
        {
            _limit = limit;
            Address = address;
            Node = new LinkedListNode<Turn>(this);
        }

        /// <summary>Cancelled when the turn went to another.</summary>
        public CancellationToken Displaced => _displaced.Token;

        internal IPAddress Address { get; }

        internal LinkedListNode<Turn> Node { get; }

        public void Dispose() => _limit.Leave(this);

        internal void Displace() => _displaced.Cancel();
    }
}
