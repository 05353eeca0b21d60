using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests.Phone;

/// <summary>One call of the test phone: dialogue, voice, keys.</summary>
public sealed partial class PhoneCall : IAsyncDisposable
{
    private readonly TestPhone _phone;
    private readonly string _number;
    private readonly CallRequest _request;
    private readonly string _fromTag;
    private readonly Channel<SipText> _answers = Channel.CreateUnbounded<SipText>();
    private readonly TaskCompletionSource _remoteEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _to;
    private string _target;
    private string _ack = "";
    private int _sequence = 1;
    private bool _ended;

    internal PhoneCall(TestPhone phone, string number, CallRequest request, int index)
    {
        _phone = phone;
        _number = number;
        _request = request;
        CallId = $"phone-{index}-{Guid.NewGuid():N}";
        _fromTag = $"p{index}";
        _to = $"<sip:{number}@{phone.Server}>";
        _target = $"sip:{number}@{phone.Server}";
        Voice = new VoiceStream(request.PayloadType);
    }

    public string CallId { get; }

    public string Caller => _request.Caller;

    public VoiceStream Voice { get; private set; }

    /// <summary>What a Replaces header names this call by (RFC 3891): the tags as the server sees them.</summary>
    public string Replaces => $"{CallId};to-tag={_to.Split(";tag=")[1]};from-tag={_fromTag}";

    /// <summary>From the last INVITE sent to its 200.</summary>
    public TimeSpan SetUpTime { get; private set; }

    /// <summary>How many times the 200 came: more than once means the ACK was lost or late.</summary>
    public int AnswersSeen { get; private set; }

    /// <summary>Ends when the server has hung up.</summary>
    public Task RemoteEnd => _remoteEnd.Task;

    /// <summary>Waits until the tone after the greeting has been heard to its end, then takes a breath, as people do.</summary>
    public async Task HearBeepAsync()
    {
        await Deadline.UntilAsync(() => Voice.BeepsHeard > 0, TimeSpan.FromSeconds(30), $"the beep in call {CallId} ({Voice.Describe()})");
        await Voice.SaySilenceAsync(TimeSpan.FromMilliseconds(300));
    }

    /// <summary>Waits until the server has said something and is silent again.</summary>
    public Task HearSilenceAsync(TimeSpan length, TimeSpan? within = null)
    {
        var since = Stopwatch.GetTimestamp();
        return Deadline.UntilAsync(
            () => Stopwatch.GetElapsedTime(since) > length && Voice.SilentFor > length,
            within ?? TimeSpan.FromSeconds(30),
            $"silence in call {CallId}");
    }

    /// <summary>Says it all, and a tenth of a second of nothing before whatever comes next.</summary>
    public async Task SpeakAsync(Pcm speech)
    {
        await Voice.SpeakAsync(_request.PayloadType == 8 ? speech.ToALaw() : speech.ToMuLaw());
        await Voice.SaySilenceAsync(TimeSpan.FromMilliseconds(100));
    }

    public Task PressAsync(char key) => Voice.PressAsync(key);

    /// <summary>The call goes on with other media: a re-INVITE names a new port, where another stream begins once it was accepted.</summary>
    public async Task MoveAsync()
    {
        var (old, sequence) = (Voice, ++_sequence);
        Voice = new VoiceStream(_request.PayloadType);
        (AnswersSeen, _ack) = (0, "");
        var answer = await RequestAsync(Build("INVITE", sequence, Offer(version: 2)));
        answer.Status.ShouldBe(200);
        _ack = Build("ACK", sequence);
        _phone.Send(_ack);
        Voice.Start(old.Remote!);
        await old.DisposeAsync();
    }

    /// <summary>BYE; ends when its 200 is there.</summary>
    public async Task HangUpAsync()
    {
        _ended = true;
        while (_answers.Reader.TryRead(out _))
        {
        }

        var answer = await RequestAsync(Build("BYE", ++_sequence));
        Voice.Stop();
        answer.Status.ShouldBe(200);
    }

    /// <summary>Goes silent on the wire without a word, as a phone that lost its power.</summary>
    public void Vanish()
    {
        _ended = true;
        Voice.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_ended && _ack.Length > 0)
        {
            _phone.Send(Build("BYE", ++_sequence));
        }

        _phone.Forget(this);
        await Voice.DisposeAsync();
    }

    internal async Task EstablishAsync()
    {
        var begin = Stopwatch.GetTimestamp();
        var answer = await RequestAsync(Build("INVITE", _sequence, Offer()));
        SetUpTime = Stopwatch.GetElapsedTime(begin);
        _to = answer.Required("To");
        if (answer.Status != 200)
        {
            // The ACK of a refusal belongs to the INVITE's transaction and repeats its branch (RFC 3261 17.1.1.3).
            _phone.Send(Build("ACK", _sequence).Replace("ACK1;rport", "INVITE1;rport"));
            throw new CallRefusedException(answer);
        }

        _target = ContactUri().Match(answer.Required("Contact")).Groups["uri"].Value;
        _ack = Build("ACK", _sequence);
        _phone.Send(_ack);
        var address = IPAddress.Parse(ConnectionLine().Match(answer.Body).Groups["address"].Value);
        var port = int.Parse(AudioLine().Match(answer.Body).Groups["port"].Value);
        Voice.Start(new IPEndPoint(address, port));
    }

    internal void OnMessage(SipText message)
    {
        if (message.IsResponse)
        {
            if (message.SequenceMethod == "INVITE" && message.Status == 200 && ++AnswersSeen > 1 && _ack.Length > 0)
            {
                _phone.Send(_ack);
                return;
            }

            if (message.SequenceMethod != "CANCEL")
            {
                _answers.Writer.TryWrite(message);
            }

            return;
        }

        if (message.Method == "ACK")
        {
            return;
        }

        _phone.Send(message.AnswerWith(200, "OK", _fromTag));
        if (message.Method == "BYE")
        {
            _ended = true;
            Voice.Stop();
            _remoteEnd.TrySetResult();
        }
    }

    [GeneratedRegex("<?(?<uri>sips?:[^>;]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ContactUri();

    [GeneratedRegex(@"c=IN IP4 (?<address>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConnectionLine();

    [GeneratedRegex(@"m=audio (?<port>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AudioLine();

    private Task<SipText> RequestAsync(string request)
    {
        if (_request.Twice)
        {
            _phone.Send(request);
        }

        var answered = _phone.SendUntilAnsweredAsync(request, _answers.Reader, final: true);
        if (_request.CancelAtOnce && request.StartsWith("INVITE", StringComparison.Ordinal))
        {
            // CANCEL repeats the branch of what it cancels (RFC 3261 9.1).
            _phone.Send(Build("CANCEL", _sequence).Replace("CANCEL1;rport", "INVITE1;rport"));
        }

        return answered;
    }

    private string Build(string method, int sequence, string body = "") =>
        $"{method} {_target} SIP/2.0\r\nVia: SIP/2.0/UDP {_phone.Address};branch=z9hG4bK{CallId[^8..]}{method}{sequence};rport\r\nMax-Forwards: 70\r\n" +
        $"From: \"{_request.CallerName}\" <sip:{_request.Caller}@{_phone.Address}>;tag={_fromTag}\r\nTo: {_to}\r\nCall-ID: {CallId}\r\nCSeq: {sequence} {method}\r\n" +
        $"Contact: <sip:caller@{_phone.Address}>\r\n{(method == "INVITE" ? _request.ExtraHeaders : "")}" +
        $"{(body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")}Content-Length: {body.Length}\r\n\r\n{body}";

    private string Offer(int version = 1) =>
        $"v=0\r\no=phone 1 {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {Voice.Port} RTP/AVP {_request.PayloadType} 101\r\n" +
        $"a=rtpmap:{_request.PayloadType} {(_request.PayloadType == 8 ? "PCMA" : "PCMU")}/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";
}
