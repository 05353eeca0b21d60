using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>Every living transaction. Receive threads look here first; a transaction is in the table before its first message leaves.</summary>
internal sealed class TransactionTable(FinishedTransactions finished)
{
    private readonly ConcurrentDictionary<TransactionKey, ServerTransaction> _servers = new();
    private readonly ConcurrentDictionary<MergeKey, ServerTransaction> _merges = new();
    private readonly ConcurrentDictionary<ClientKey, ClientTransaction> _clients = new();
    private int _serverCount;

    /// <summary>Server transactions that are being answered or wait for an ACK.</summary>
    public int LivingServerCount => Volatile.Read(ref _serverCount);

    /// <summary>Those that only absorb repetitions.</summary>
    public int FinishedCount => finished.Count;

    /// <summary>All server transactions, those that only absorb repetitions included.</summary>
    public int ServerCount => LivingServerCount + FinishedCount;

    public int ClientCount => _clients.Count;

    public bool TryFind(TransactionKey key, [NotNullWhen(true)] out ServerTransaction? transaction) => _servers.TryGetValue(key, out transaction);

    public bool TryFindFinished(TransactionKey key, [NotNullWhen(true)] out FinishedTransaction? transaction) => finished.TryFind(key, out transaction);

    public bool TryFind(ClientKey key, [NotNullWhen(true)] out ClientTransaction? transaction) => _clients.TryGetValue(key, out transaction);

    /// <summary>
    /// True when a request of ours came back to us as it was: one of its Vias is ours, and it asks for what we asked for. One that a proxy has sent on to us for
    /// somebody else, such as the voice mail of the person we called, is no loop.
    /// </summary>
    public bool IsLooped(SipRequest request)
    {
        if (_clients.IsEmpty)
        {
            return false;
        }

        foreach (var via in request.Vias)
        {
            if (via.Branch is { } branch && _clients.TryGetValue(new ClientKey(branch, request.CSeq.Method), out var ours)
                && ours.Request.RequestUri.ToString().Equals(request.RequestUri.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when another transaction already handles the same request that came another way (RFC 3261 section 8.2.2.2).</summary>
    public bool IsMerged(SipRequest request) => MergeKey.Of(request) is var key && (_merges.ContainsKey(key) || finished.IsMerged(key));

    /// <summary>False when two threads received the same request at once and the other was first.</summary>
    public bool TryAdd(ServerTransaction transaction)
    {
        if (!_servers.TryAdd(transaction.Key, transaction))
        {
            return false;
        }

        Interlocked.Increment(ref _serverCount);
        if (transaction.Request.To.Tag is null)
        {
            _merges.TryAdd(MergeKey.Of(transaction.Request), transaction);
        }

        return true;
    }

    public void Add(ClientTransaction transaction) => _clients[transaction.Key] = transaction;

    /// <summary>Keeps only what answers repetitions; the caller then removes the transaction.</summary>
    public void Finish(ServerTransaction transaction, ReadOnlyMemory<byte> response, ResponsePath path) =>
        finished.Add(transaction.Key, transaction.Request.To.Tag is null ? MergeKey.Of(transaction.Request) : null, response, path);

    public void Remove(ServerTransaction transaction)
    {
        if (_servers.TryRemove(KeyValuePair.Create(transaction.Key, transaction)))
        {
            Interlocked.Decrement(ref _serverCount);
            _merges.TryRemove(KeyValuePair.Create(MergeKey.Of(transaction.Request), transaction));
        }
    }

    public void Remove(ClientTransaction transaction) => _clients.TryRemove(KeyValuePair.Create(transaction.Key, transaction));
}
