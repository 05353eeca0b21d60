using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Postbell.Core.Resolution;

/// <summary>
/// Asks name servers one question: a datagram from a fresh random port, TCP where the answer does not fit, the next server where one is silent, fails
/// or cannot be understood.
/// </summary>
internal sealed class DnsExchange(DnsServers servers, DnsOptions options, DnsStatistics statistics, TimeProvider time)
{
    /// <summary>The answer (good, or "no such name"); null when no server gave one.</summary>
    public async Task<DnsMessage?> AskAsync(string name, DnsRecordType type, CancellationToken cancellation)
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var server in servers.Current)
            {
                if (await AskAsync(server, name, type, extended: true, cancellation) is { } answer)
                {
                    return answer;
                }
            }
        }

        return null;
    }

    private async Task<DnsMessage?> AskAsync(IPEndPoint server, string name, DnsRecordType type, bool extended, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var query = new DnsQuery(name, type, extended);
            var answer = await AskByDatagramAsync(server, query, both.Token);
            if (answer.IsTruncated)
            {
                statistics.CountOverTcp();
                answer = await AskByStreamAsync(server, query, both.Token);
            }

            if (answer is { Code: DnsMessage.NoError or DnsMessage.NameError })
            {
                return answer;
            }

            if (answer is { Code: DnsMessage.FormatError } && extended)
            {
                // A server of before EDNS0 (RFC 6891 section 7).
                return await AskAsync(server, name, type, extended: false, cancellation);
            }

            statistics.CountUnusable();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            statistics.CountTimeout();
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            statistics.CountUnusable();
        }

        return null;
    }

    /// <summary>Waits until the question is answered; what answers another question, or none, is passed over.</summary>
    private async Task<DnsMessage> AskByDatagramAsync(IPEndPoint server, DnsQuery query, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // Connected: the system drops what other addresses send, and picks a random port.
        await socket.ConnectAsync(server, cancellation);
        await socket.SendAsync(query.Bytes, cancellation);
        var buffer = new byte[DnsQuery.DatagramSize];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellation);
            if (DnsParser.Parse(buffer.AsSpan(0, length), out var message) == DnsParseFailure.None && query.IsAnsweredBy(message!))
            {
                return message!;
            }

            statistics.CountForeign();
        }
    }

    private static async Task<DnsMessage> AskByStreamAsync(IPEndPoint server, DnsQuery query, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellation);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        var framed = new byte[query.Bytes.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Bytes.Length);
        query.Bytes.CopyTo(framed.AsMemory(2));
        await stream.WriteAsync(framed, cancellation);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellation);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellation);
        var failure = DnsParser.Parse(answer, out var message);
        return failure == DnsParseFailure.None && query.IsAnsweredBy(message!) && !message!.IsTruncated
            ? message
            : throw new IOException($"The name server's answer over TCP is not usable: {failure}.");
    }
}
