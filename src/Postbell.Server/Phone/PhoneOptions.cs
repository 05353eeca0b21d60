using System.Net;
using Postbell.Media;
using Postbell.Media.Sdp;
using Postbell.Sip;

namespace Postbell.Server.Phone;

/// <summary>One call of the test phone.</summary>
internal sealed record PhoneOptions
{
    /// <summary>Number to call.</summary>
    public required string Number { get; init; }

    /// <summary>The server.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>UDP, TCP or TLS.</summary>
    public SipTransport Transport { get; init; } = SipTransport.Udp;

    /// <summary>Certificates, for TLS; null without.</summary>
    public SipTlsOptions? Tls { get; init; }

    /// <summary>Codecs to offer.</summary>
    public SdpVoice Voice { get; init; } = SdpVoice.Narrow;

    /// <summary>Caller's number.</summary>
    public string From { get; init; } = "2000";

    /// <summary>Caller's name.</summary>
    public string? FromName { get; init; } = "Test phone";

    /// <summary>Pilot number that is called with a Diversion header for <see cref="Number"/>, as a PBX forwards; null calls the number itself.</summary>
    public string? Pilot { get; init; }

    /// <summary>What is said after the beep; null says nothing.</summary>
    public AudioClip? Play { get; init; }

    /// <summary>Keys pressed after that, half a second apart.</summary>
    public string Keys { get; init; } = "";

    /// <summary>Longest wait for the beep.</summary>
    public TimeSpan BeepTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long to listen after everything was said and pressed.</summary>
    public TimeSpan Listen { get; init; } = TimeSpan.FromMilliseconds(300);
}
