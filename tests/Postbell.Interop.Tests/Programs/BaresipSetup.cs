using System.Net;
using Postbell.Interop.Tests.Audio;

namespace Postbell.Interop.Tests.Programs;

/// <summary>How a baresip is configured.</summary>
/// <param name="User">The number it calls from.</param>
public sealed record BaresipSetup(string User)
{
    /// <summary>What it offers, in this order.</summary>
    public string Codecs { get; init; } = "PCMU/8000/1,PCMA/8000/1";

    /// <summary>Its <c>mediaenc</c>: <c>srtp-mand</c> for nothing but SRTP; null for none.</summary>
    public string? Encryption { get; init; }

    /// <summary>Sample rate of its microphone: its own change of the rate to that of a wideband codec takes the upper kilohertz away.</summary>
    public int Rate { get; init; } = Pcm.Rate;

    /// <summary>Answers calls by itself.</summary>
    public bool Answers { get; init; }

    /// <summary>Speaks from and to ::1 instead of 127.0.0.1.</summary>
    public bool Ipv6 { get; init; }

    /// <summary>Its line in the file of accounts.</summary>
    internal string Account(IPEndPoint local) =>
        $"<sip:{User}@{local}>;regint=0;audio_codecs={Codecs};answermode={(Answers ? "auto" : "manual")}"
        + (Encryption is null ? "\n" : $";mediaenc={Encryption}\n");
}
