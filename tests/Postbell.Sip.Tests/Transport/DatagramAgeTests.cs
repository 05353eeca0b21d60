using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Tests.Transport;

public sealed class DatagramAgeTests
{
    private static readonly byte[] s_datagram = "INVITE"u8.ToArray();

    [Fact]
    public async Task A_datagram_is_as_old_as_it_stood_unread()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var buffer = new byte[100];

        // The kernel begins to stamp some time after it was asked first.
        var deadline = Stopwatch.StartNew();
        TimeSpan age, longest;
        do
        {
            var sent = Stopwatch.GetTimestamp();
            await socket.SendToAsync(s_datagram, socket.LocalEndPoint!, TestContext.Current.CancellationToken);
            var arrived = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(arrived) < TimeSpan.FromMilliseconds(40))
            {
                await Task.Yield();
            }

            socket.Receive(buffer);
            age = DatagramAge.OfLast(socket);
            longest = Stopwatch.GetElapsedTime(sent) + TimeSpan.FromMilliseconds(1);
        }
        while (age < TimeSpan.FromMilliseconds(39) && deadline.Elapsed < TimeSpan.FromSeconds(10));

        age.ShouldBeInRange(TimeSpan.FromMilliseconds(39), longest);
    }
}
