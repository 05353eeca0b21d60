using System.Collections.Concurrent;
using Postbell.Core;

namespace Postbell.Speech.Tests;

/// <summary>An engine whose answers the test gives: length by text, held back until <see cref="Release"/>.</summary>
internal sealed class FakeSynthesizer : ISpeechSynthesizer
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Engine { get; init; } = "fake";

    public SpeechFailure Failure { get; set; }

    public bool Held { get; init; }

    public ConcurrentQueue<string> Texts { get; } = new();

    public void Release() => _released.TrySetResult();

    public async Task<PcmAudio> SynthesizeAsync(string voice, string text, CancellationToken cancellation)
    {
        Texts.Enqueue(text);
        if (Held)
        {
            await _released.Task.WaitAsync(cancellation);
        }

        return Failure == SpeechFailure.None
            ? new PcmAudio(Enumerable.Repeat((short)text.Length, 8 * text.Length).ToArray(), 8000)
            : throw new SpeechException(Failure, "as asked");
    }
}
