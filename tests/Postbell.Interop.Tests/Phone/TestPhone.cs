using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Postbell.Interop.Tests.Phone;

/// <summary>
/// A SIP phone over UDP, written for the tests alone and sharing no code with the product: many calls at once, each with RTP of its own.
/// </summary>
public sealed class TestPhone : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly ConcurrentDictionary<string, PhoneCall> _calls = new();
    private readonly ConcurrentDictionary<string, Channel<SipText>> _outside = new();
    private readonly Channel<SipText> _requests = Channel.CreateUnbounded<SipText>();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _receiving;
    private int _number;

    /// <param name="server">Where it calls.</param>
    /// <param name="local">Its own address, when it is to be another than that of all the others.</param>
    public TestPhone(IPEndPoint server, IPAddress? local = null)
    {
        Server = server;
        _socket.Bind(new IPEndPoint(local ?? IPAddress.Loopback, 0));
        _receiving = ReceiveAsync();
    }

    public IPEndPoint Server { get; }

    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Requests outside calls the server has sent to this phone; each was answered with 200.</summary>
    public ChannelReader<SipText> Requests => _requests.Reader;

    /// <summary>Calls a number and acknowledges the answer; the caller sends silence from then on.</summary>
    public async Task<PhoneCall> CallAsync(string number, CallRequest? request = null)
    {
        var call = new PhoneCall(this, number, request ?? new CallRequest(), Interlocked.Increment(ref _number));
        _calls[call.CallId] = call;
        try
        {
            await call.EstablishAsync();
            return call;
        }
        catch
        {
            await call.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request outside calls (OPTIONS, SUBSCRIBE ...) and gives the final response.</summary>
    public async Task<SipText> AskAsync(string method, string user, string callId, int sequence, string extra = "", string toTag = "", string? contact = null)
    {
        var answers = _outside.GetOrAdd(callId, _ => Channel.CreateUnbounded<SipText>());
        var text = $"{method} sip:{user}@{Server} SIP/2.0\r\nVia: SIP/2.0/UDP {Address};branch=z9hG4bK{Guid.NewGuid():N};rport\r\nMax-Forwards: 70\r\n" +
            $"From: <sip:{user}@{Address}>;tag=f{callId}\r\nTo: <sip:{user}@{Server}>{(toTag.Length > 0 ? $";tag={toTag}" : "")}\r\nCall-ID: {callId}\r\nCSeq: {sequence} {method}\r\n" +
            $"Contact: {contact ?? $"<sip:{user}@{Address}>"}\r\n{extra}Content-Length: 0\r\n\r\n";
        return await SendUntilAnsweredAsync(text, answers.Reader, final: true);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var call in _calls.Values)
        {
            await call.DisposeAsync();
        }

        await _end.CancelAsync();
        _socket.Dispose();
        await _receiving;
        _end.Dispose();
    }

    internal void Send(string text) => _socket.SendTo(Encoding.UTF8.GetBytes(text), Server);

    internal void Forget(PhoneCall call) => _calls.TryRemove(call.CallId, out _);

    /// <summary>Sends again at growing distance (RFC 3261 timer A/E) until something comes back.</summary>
    internal async Task<SipText> SendUntilAnsweredAsync(string text, ChannelReader<SipText> answers, bool final)
    {
        var wait = TimeSpan.FromMilliseconds(500);
        var provisional = false;
        for (var attempt = 0; attempt < 9; attempt++)
        {
            if (!provisional)
            {
                Send(text);
            }

            using var limit = new CancellationTokenSource(wait);
            try
            {
                while (true)
                {
                    var answer = await answers.ReadAsync(limit.Token);
                    if (answer.Status >= 200 || !final)
                    {
                        return answer;
                    }

                    provisional = true;
                }
            }
            catch (OperationCanceledException)
            {
                wait = TimeSpan.FromMilliseconds(Math.Min(4000, wait.TotalMilliseconds * 2));
            }
        }

        throw new TimeoutException($"no answer to {text.Split('\r')[0]}");
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[65536];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, _end.Token);
                if (SipText.IsMessage(buffer.AsSpan(0, length)))
                {
                    Dispatch(SipText.Parse(buffer, length));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The server is not there at this moment (port unreachable); the next packet may come again.
            }
        }
    }

    private void Dispatch(SipText message)
    {
        if (_calls.TryGetValue(message.CallId, out var call))
        {
            call.OnMessage(message);
        }
        else if (message.IsResponse)
        {
            if (_outside.TryGetValue(message.CallId, out var answers))
            {
                answers.Writer.TryWrite(message);
            }
        }
        else if (message.Method != "ACK")
        {
            Send(message.AnswerWith(message.Method == "BYE" ? 481 : 200, "OK", "phone"));
            _requests.Writer.TryWrite(message);
        }
    }
}
