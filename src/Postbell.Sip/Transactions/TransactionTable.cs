using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Transactions;

/// <summary>Every living transaction. Receive threads look here first; a transaction is in the table before its first message leaves.</summary>
internal sealed class TransactionTable
{
    private readonly ConcurrentDictionary<TransactionKey, ServerTransaction> _servers = new();
    private readonly ConcurrentDictionary<MergeKey, ServerTransaction> _merges = new();
    private readonly ConcurrentDictionary<ClientKey, ClientTransaction> _clients = new();
    private int _serverCount;

    public int ServerCount => Volatile.Read(ref _serverCount);

    public int ClientCount => _clients.Count;

    public bool TryFind(TransactionKey key, [NotNullWhen(true)] out ServerTransaction? transaction) => _servers.TryGetValue(key, out transaction);

    public bool TryFind(ClientKey key, [NotNullWhen(true)] out ClientTransaction? transaction) => _clients.TryGetValue(key, out transaction);

    /// <summary>True when another transaction already handles the same request that came another way (RFC 3261 section 8.2.2.2).</summary>
    public bool IsMerged(SipRequest request) => _merges.ContainsKey(MergeKey.Of(request));

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
