using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postbell.TestKit;

/// <summary>
/// A small authoritative name server on loopback, over UDP and TCP on one port. Tests say what it answers; what they did not say does not exist. It can be
/// told to swallow every question, to say it failed, or to cut its datagrams.
/// </summary>
public sealed class TestNameServer : IAsyncDisposable
{
    private Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<(string Name, int Type), List<byte[]>> _records = new();
    private readonly ConcurrentQueue<string> _questions = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _overTcp;

    public TestNameServer()
    {
        for (var tries = 0; ; tries++)
        {
            _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Address = (IPEndPoint)_udp.LocalEndPoint!;
            try
            {
                _tcp.Bind(Address);
                break;
            }
            catch (SocketException) when (tries < 10)
            {
                // The port is somebody's over TCP: the next one.
                _udp.Dispose();
                _udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            }
        }

        _tcp.Listen();
        _running = Task.WhenAll(AnswerDatagramsAsync(), AnswerConnectionsAsync());
    }

    public IPEndPoint Address { get; }

    /// <summary>Questions are taken and never answered.</summary>
    public bool IsBlackHole { get; set; }

    /// <summary>Every answer has this code: 2 is "server failed".</summary>
    public int? Code { get; set; }

    /// <summary>Datagrams say only that the answer is too long.</summary>
    public bool Truncates { get; set; }

    /// <summary>Queries with EDNS0 are a format error, as to servers of before it.</summary>
    public bool IsOld { get; set; }

    /// <summary>Changes the bytes of an answer before they leave by datagram; several are several datagrams.</summary>
    public Func<byte[], IEnumerable<byte[]>>? Tamper { get; set; }

    /// <summary>TTL of what is added from now on.</summary>
    public uint Seconds { get; set; } = 60;

    /// <summary>TTL and minimum of the zone's SOA, which goes with every "no"; null leaves the record out.</summary>
    public uint? NegativeSeconds { get; set; } = 30;

    /// <summary>Every question, as "A host.example".</summary>
    public IReadOnlyList<string> Questions => [.. _questions];

    /// <summary>Questions that came over TCP.</summary>
    public int OverTcp => Volatile.Read(ref _overTcp);

    /// <summary>Waits for the next question that was not waited for yet.</summary>
    public async Task AskedAsync()
    {
        if (!await _asked.WaitAsync(TimeSpan.FromSeconds(10)))
        {
            throw new TimeoutException("Nobody asked the name server.");
        }
    }

    public TestNameServer Address4(string name, params string[] addresses) => Add(name, 1, addresses.Select(text => IPAddress.Parse(text).GetAddressBytes()));

    public TestNameServer Address6(string name, params string[] addresses) => Add(name, 28, addresses.Select(text => IPAddress.Parse(text).GetAddressBytes()));

    public TestNameServer Alias(string name, string target) => Add(name, 5, [Labels(target)]);

    public TestNameServer Mail(string name, int preference, string host) => Add(name, 15, [[.. Number(preference), .. Labels(host)]]);

    public TestNameServer Service(string name, int priority, int weight, int port, string target) =>
        Add(name, 33, [[.. Number(priority), .. Number(weight), .. Number(port), .. Labels(target)]]);

    public TestNameServer Pointer(string name, int order, int preference, string flags, string services, string replacement) =>
        Add(name, 35, [[.. Number(order), .. Number(preference), .. Text(flags), .. Text(services), 0, .. Labels(replacement)]]);

    /// <summary>Forgets everything said of a name.</summary>
    public void Remove(string name)
    {
        foreach (var key in _records.Keys.Where(key => key.Name == name))
        {
            _records.TryRemove(key, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _running;
        _stop.Dispose();
        _asked.Dispose();
    }

    private TestNameServer Add(string name, int type, IEnumerable<byte[]> data)
    {
        var list = _records.GetOrAdd((name, type), static _ => []);
        foreach (var item in data)
        {
            var time = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(time, Seconds);
            lock (list)
            {
                list.Add([.. Labels(name), .. Number(type), .. Number(1), .. time, .. Number(item.Length), .. item]);
            }
        }

        return this;
    }

    private async Task AnswerDatagramsAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var got = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (Answer(buffer.AsSpan(0, got.ReceivedBytes), overTcp: false) is not { } answer)
                {
                    continue;
                }

                foreach (var datagram in Tamper?.Invoke(answer) ?? [answer])
                {
                    await _udp.SendToAsync(datagram, SocketFlags.None, got.RemoteEndPoint, _stop.Token);
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end.
        }
    }

    private async Task AnswerConnectionsAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _tcp.AcceptAsync(_stop.Token);
                await using var stream = new NetworkStream(connection);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, _stop.Token);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _stop.Token);
                Interlocked.Increment(ref _overTcp);
                if (Answer(question, overTcp: true) is { } answer)
                {
                    await stream.WriteAsync((byte[])[.. Number(answer.Length), .. answer], _stop.Token);
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException or IOException or SocketException)
        {
            // The end.
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> question, bool overTcp)
    {
        var name = ReadName(question[12..], out var length);
        var type = BinaryPrimitives.ReadUInt16BigEndian(question[(12 + length)..]);
        _questions.Enqueue($"{TypeName(type)} {name}");
        _asked.Release();
        if (IsBlackHole)
        {
            return null;
        }

        var extended = question[11] != 0;
        var records = new List<byte[]>();
        var target = name;
        while (Find(target, 5) is [var alias, ..] && type != 5)
        {
            records.Add(alias);
            var start = Labels(target).Length + 10;
            target = ReadName(alias.AsSpan(start), out _);
            if (records.Count > 12)
            {
                break;
            }
        }

        records.AddRange(Find(target, type));
        var found = records.Count > 0 || _records.Keys.Any(key => key.Name == name);
        var code = Code ?? (IsOld && extended ? 1 : found ? 0 : 3);
        var cut = Truncates && !overTcp;
        var no = !cut && code is 0 or 3 && Find(target, type).Count == 0 && NegativeSeconds is not null;
        List<byte> answer = [.. question[..2], (byte)(0x85 | (cut ? 2 : 0)), (byte)(0x80 | code), 0, 1];
        answer.AddRange(Number(cut || code is not (0 or 3) ? 0 : records.Count));
        answer.AddRange(Number(no ? 1 : 0));
        answer.AddRange(Number(0));
        answer.AddRange(question.Slice(12, length + 4));
        if (!cut && code is 0 or 3)
        {
            records.ForEach(answer.AddRange);
        }

        if (no)
        {
            answer.AddRange(Authority());
        }

        return [.. answer];
    }

    private byte[] Authority()
    {
        var seconds = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(seconds, NegativeSeconds!.Value);
        byte[] data = [.. Labels("ns.test"), .. Labels("admin.test"), .. new byte[16], .. seconds];
        return [.. Labels("test"), .. Number(6), .. Number(1), .. seconds, .. Number(data.Length), .. data];
    }

    private List<byte[]> Find(string name, int type)
    {
        if (!_records.TryGetValue((name, type), out var list))
        {
            return [];
        }

        lock (list)
        {
            return [.. list];
        }
    }

    private static string TypeName(int type) => type switch
    {
        1 => "A",
        15 => "MX",
        28 => "AAAA",
        33 => "SRV",
        35 => "NAPTR",
        _ => $"TYPE{type}",
    };

    private static string ReadName(ReadOnlySpan<byte> bytes, out int length)
    {
        var labels = new List<string>();
        var at = 0;
        while (bytes[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(bytes.Slice(at + 1, bytes[at])));
            at += bytes[at] + 1;
        }

        length = at + 1;
        return string.Join('.', labels).ToLowerInvariant();
    }

    private static byte[] Labels(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];
}
