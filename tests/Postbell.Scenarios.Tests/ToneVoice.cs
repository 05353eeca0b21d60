using Postbell.Core;
using Postbell.Speech;

namespace Postbell.Scenarios.Tests;

/// <summary>Speaks every text as half a second of tone: scenarios are about the conversation, not about the voice.</summary>
internal sealed class ToneVoice : ISpeechSynthesizer
{
    public string Engine => "tone";

    public Task<PcmAudio> SynthesizeAsync(string voice, string text, CancellationToken cancellation)
    {
        var samples = new short[4000];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)(4000 * Math.Sin(2 * Math.PI * 440 * i / 8000));
        }

        return Task.FromResult(new PcmAudio(samples, 8000));
    }
}
