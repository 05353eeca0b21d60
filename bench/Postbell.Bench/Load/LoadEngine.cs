using System.Net;
using System.Text;
using Postbell.Bench.Sockets;

namespace Postbell.Bench.Load;

/// <summary>
/// Makes the calls of one run, on one thread: signalling is answered as it comes, audio moves once a millisecond. Times are the kernel's, taken when
/// a packet arrives, so that a late generator does not make the server look late.
/// </summary>
internal sealed unsafe class LoadEngine : IDisposable
{
    private const long Millisecond = 1_000_000;
    private const long FirstResend = 500 * Millisecond;
    private const int MostAttempts = 7;

    private readonly LoadOptions _options;
    private readonly BatchSocket _sip = new(4 << 20);
    private readonly SipTexts _texts;
    private readonly PriorityQueue<Call, long> _timers = new();
    private readonly BatchSocket.PacketHandler _onSip;
    private readonly Action<Call> _onSaid;
    private long _startedAt;
    private int _started;
    private int _answered;
    private int _over;

    public LoadEngine(LoadOptions options)
    {
        _options = options;
        _texts = new SipTexts(options, _sip.Port);
        Rtp = new RtpTraffic(options.Length, options.RtpPort);
        Calls = [.. Enumerable.Range(0, options.Calls).Select(i => new Call(i, i * 137 % 3000))];
        _onSip = (packet, _, arrivedAt) => OnSip(Encoding.ASCII.GetString(packet), arrivedAt);
        _onSaid = call => EndCall(call, Libc.Now());
    }

    public RtpTraffic Rtp { get; }

    public IReadOnlyList<Call> Calls { get; }

    /// <summary>Set when every call is answered (or has failed): the steady part begins.</summary>
    public TaskCompletionSource AllUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set when the first call hangs up: the steady part is over.</summary>
    public TaskCompletionSource FirstEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Frames spoken or heard by calls that ended before everything was up are in the steady part of none.</summary>
    public int Resent { get; private set; }

    public string CallIdOf(Call call) => _texts.CallIdOf(call.Index);

    /// <summary>Runs to the end of the last call, or to the limit.</summary>
    public void Run()
    {
        _startedAt = Libc.Now();
        var lastTick = 0L;
        var until = _startedAt + (long)_options.Limit.TotalMilliseconds * Millisecond;
        while (_over < Calls.Count)
        {
            var now = Libc.Now();
            if (now > until)
            {
                FailTheRest();
                break;
            }

            _sip.Drain(_onSip);
            StartDue(now);
            RunTimers(now);
            if (_options.Eager || now / Millisecond != lastTick)
            {
                lastTick = now / Millisecond;
                Rtp.Drain();
                Rtp.SendDue(now, _onSaid);
            }

            _sip.Flush();
            Sleep((lastTick + 1) * Millisecond);
        }

        AllUp.TrySetResult();
        FirstEnd.TrySetResult();
    }

    public void Dispose()
    {
        _sip.Dispose();
        Rtp.Dispose();
    }

    private void StartDue(long now)
    {
        while (_started < Calls.Count && now - _startedAt >= _started / _options.Rate * 1e9)
        {
            var call = Calls[_started++];
            if (_options.Direct)
            {
                call.InvitedAt = now;
                Connect(call, _options.DirectPorts[call.Index], now);
                continue;
            }

            call.State = CallState.Inviting;
            call.InvitedAt = now;
            Request(call, _texts.Invite(call, Rtp.PortOf(call)), now);
            // The time must not include what waits in the batch.
            _sip.Flush();
        }
    }

    private void RunTimers(long now)
    {
        while (_timers.TryPeek(out var call, out var due) && due <= now)
        {
            _timers.Dequeue();
            if (due != call.Due || call.Over)
            {
                continue;
            }

            switch (call.State)
            {
                case CallState.Up when _options.Kind == CallKind.Record && !call.Speaking && call.FramesSent == 0:
                    Rtp.Speak(call);
                    break;
                case CallState.Up:
                    EndCall(call, now);
                    break;
                default:
                    Resend(call, now);
                    break;
            }
        }
    }

    private void OnSip(string message, long arrivedAt)
    {
        var index = _texts.IndexOf(message);
        if (index < 0 || index >= Calls.Count)
        {
            return;
        }

        var call = Calls[index];
        var status = SipTexts.StatusOf(message);
        if (status == 0)
        {
            OnRequest(call, message);
            return;
        }

        var isBye = SipTexts.Header(message, "CSeq: ").EndsWith("BYE", StringComparison.Ordinal);
        if (status < 200)
        {
            // The request has arrived; only the answer is still awaited.
            call.Due = call.State == CallState.Inviting ? 0 : call.Due;
        }
        else if (isBye && call.State == CallState.Ending)
        {
            Finish(call, status == 200 ? CallState.Done : CallState.Failed, $"BYE {status}");
        }
        else if (!isBye)
        {
            OnAnswer(call, status, message, arrivedAt);
        }
    }

    private void OnAnswer(Call call, int status, string message, long arrivedAt)
    {
        if (call.State != CallState.Inviting)
        {
            // The 200 again: the ACK was lost or late.
            Resent++;
            Send(_texts.Acknowledge(call, status != 200));
            return;
        }

        call.ToHeader = SipTexts.Header(message, "To: ");
        if (status != 200)
        {
            Send(_texts.Acknowledge(call, refused: true));
            Finish(call, CallState.Failed, $"INVITE {status}");
            return;
        }

        call.Contact = SipTexts.ContactOf(message);
        Send(_texts.Acknowledge(call, refused: false));
        Connect(call, SipTexts.AudioPortOf(message), arrivedAt);
        if (_options.Kind == CallKind.Short)
        {
            EndCall(call, Libc.Now());
        }
    }

    private void OnRequest(Call call, string message)
    {
        if (message.StartsWith("BYE", StringComparison.Ordinal))
        {
            Send(SipTexts.Answer(message));
            Finish(call, CallState.Failed, "the server hung up");
        }
    }

    private void Connect(Call call, int port, long at)
    {
        call.State = CallState.Up;
        call.AnsweredAt = at;
        call.Remote = new IPEndPoint(IPAddress.Loopback, port);
        call.SpeakAt = at + (long)(_options.Before.TotalMilliseconds * Millisecond);
        Rtp.Listen(call);
        Schedule(call, _options.Kind == CallKind.Record ? call.SpeakAt : at + (long)(_options.Length.TotalMilliseconds * Millisecond));
        if (++_answered == Calls.Count)
        {
            AllUp.TrySetResult();
        }
    }

    private void EndCall(Call call, long now)
    {
        if (call.Over || call.State == CallState.Ending)
        {
            return;
        }

        FirstEnd.TrySetResult();
        call.EndedAt = now;
        if (_options.Direct)
        {
            Finish(call, CallState.Done, "");
            return;
        }

        call.State = CallState.Ending;
        call.Attempts = 0;
        Request(call, _texts.Bye(call), now);
    }

    private void Request(Call call, string text, long now)
    {
        call.LastRequest = text;
        call.NextAttempt = FirstResend;
        Send(text);
        Schedule(call, now + FirstResend);
    }

    private void Resend(Call call, long now)
    {
        if (++call.Attempts >= MostAttempts)
        {
            Finish(call, CallState.Failed, $"no answer to {call.LastRequest.Split(' ')[0]}");
            return;
        }

        Resent++;
        Send(call.LastRequest);
        call.NextAttempt = Math.Min(4_000 * Millisecond, call.NextAttempt * 2);
        Schedule(call, now + call.NextAttempt);
    }

    private void Schedule(Call call, long at)
    {
        call.Due = at;
        _timers.Enqueue(call, at);
    }

    private void Finish(Call call, CallState state, string failure)
    {
        if (call.Over)
        {
            return;
        }

        // A refused call counts as settled for those who wait for all.
        if (call.AnsweredAt == 0 && ++_answered == Calls.Count)
        {
            AllUp.TrySetResult();
        }

        call.State = state;
        call.Failure = state == CallState.Failed ? failure : "";
        Rtp.Forget(call);
        _over++;
    }

    private void FailTheRest()
    {
        foreach (var call in Calls.Where(c => !c.Over))
        {
            Finish(call, CallState.Failed, $"still {call.State} at the end");
        }
    }

    private void Send(string text)
    {
        var length = Encoding.ASCII.GetByteCount(text);
        Encoding.ASCII.GetBytes(text, _sip.Queue(_options.Target, length));
    }

    private void Sleep(long until)
    {
        var left = Math.Max(0, until - Libc.Now());
        var time = new Libc.Time { Nanoseconds = left };
        var count = 1;
        var polled = stackalloc Libc.Polled[16];
        polled[0] = new Libc.Polled { Descriptor = _sip.Descriptor, Events = Libc.PollIn };
        if (_options.Eager)
        {
            foreach (var descriptor in Rtp.Descriptors)
            {
                polled[count++] = new Libc.Polled { Descriptor = descriptor, Events = Libc.PollIn };
            }
        }

        _ = Libc.Poll(polled, (nuint)count, &time, null);
    }
}
