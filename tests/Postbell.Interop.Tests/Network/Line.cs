using System.Net;
using System.Net.Sockets;
using Postbell.Interop.Tests.Programs;

namespace Postbell.Interop.Tests.Network;

/// <summary>
/// A line with faults between one phone and the server: SIP over UDP and RTP pass through it. The phone calls <see cref="Address"/>; offers and answers are
/// rewritten so that audio comes here too. What the phone sends to the Contact of the server goes past the line, which harms nothing.
/// </summary>
public sealed class Line : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly LineFaults _faults;
    private readonly int _ports = LocalPorts.Run(8);
    private readonly UdpClient _phoneSide;
    private readonly UdpClient _serverSide;
    private readonly UdpClient _audioOfPhone;
    private readonly UdpClient _audioOfServer;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _carrying;
    private IPEndPoint? _phone;
    private IPEndPoint? _phoneAudio;
    private IPEndPoint? _serverAudio;

    public Line(IPEndPoint server, LineFaults faults)
    {
        _server = server;
        _faults = faults;
        (_phoneSide, _serverSide, _audioOfPhone, _audioOfServer) = (Open(0), Open(2), Open(4), Open(6));
        Audio = new FaultyStream(faults, packet => Send(_audioOfServer, packet, _serverAudio));
        _carrying = Task.WhenAll(
            CarryAsync(_phoneSide, OnPhone),
            CarryAsync(_serverSide, OnServer),
            CarryAsync(_audioOfPhone, (packet, _) => Audio.Carry(packet)),
            CarryAsync(_audioOfServer, (packet, _) => Send(_audioOfPhone, packet, _phoneAudio)));
    }

    /// <summary>Where the phone calls.</summary>
    public IPEndPoint Address => (IPEndPoint)_phoneSide.Client.LocalEndPoint!;

    /// <summary>What the phone says.</summary>
    public FaultyStream Audio { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _carrying;
        foreach (var socket in (UdpClient[])[_phoneSide, _serverSide, _audioOfPhone, _audioOfServer])
        {
            socket.Dispose();
        }

        _end.Dispose();
    }

    private UdpClient Open(int port) => new(new IPEndPoint(IPAddress.Loopback, _ports + port));

    private void OnPhone(byte[] datagram, IPEndPoint from)
    {
        _phone = from;
        Send(_serverSide, Rewrite(datagram, ref _phoneAudio, from.Address, 6), _server);
    }

    private void OnServer(byte[] datagram, IPEndPoint from) => Send(_phoneSide, Rewrite(datagram, ref _serverAudio, from.Address, 4), _phone);

    /// <summary>The sender's audio goes to <paramref name="address"/>; the other side is told a port of ours instead.</summary>
    private byte[] Rewrite(byte[] datagram, ref IPEndPoint? audio, IPAddress address, int port)
    {
        var message = SipDatagram.Parse(datagram);
        if (message.AudioPort is not { } wanted)
        {
            return datagram;
        }

        audio = new IPEndPoint(address, wanted);
        message = message.WithAudioPort(_ports + port);
        return (_faults.HidesTelephoneEvents ? message.WithoutTelephoneEvents() : message).ToBytes();
    }

    private async Task CarryAsync(UdpClient from, Action<byte[], IPEndPoint> carry)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var received = await from.ReceiveAsync(_end.Token);
                carry(received.Buffer, received.RemoteEndPoint);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Port unreachable: one side has ended before the other.
            }
        }
    }

    private static void Send(UdpClient through, byte[] packet, IPEndPoint? to)
    {
        if (to is not null)
        {
            through.Send(packet, to);
        }
    }
}
