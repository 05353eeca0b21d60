using System.Collections.Concurrent;
using Postbell.Interop.Tests.Programs;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Audio;

/// <summary>Sentences spoken by flite, made once per run.</summary>
public static class Speech
{
    private static readonly string[] Sentences =
    [
        "Good morning, this is Alice from the front desk. The boxes have arrived, and the driver would like to know where to put them.",
        "Hello, it is Robert. I have read your plan for the new office and I like it very much. Please call me back before noon.",
        "This is a reminder of your appointment on Thursday at half past nine. Bring the signed papers and the old key with you.",
    ];

    private static readonly ConcurrentDictionary<int, Lazy<Task<Pcm>>> Spoken = new();

    /// <summary>One of the sentences, between five and nine seconds long.</summary>
    public static Task<Pcm> SentenceAsync(int index) => Spoken.GetOrAdd(index, i => new Lazy<Task<Pcm>>(() => SpeakAsync(Sentences[i]))).Value;

    private static async Task<Pcm> SpeakAsync(string text)
    {
        using var folder = new TemporaryDirectory();
        var wide = folder.File("wide.wav");
        var narrow = folder.File("narrow.wav");
        (await ExternalProgram.RunAsync("flite", ["-voice", "rms", "-t", text, "-o", wide], TimeSpan.FromSeconds(30))).ShouldSucceed();
        (await ExternalProgram.RunAsync("sox", [wide, "-r", "8000", "-b", "16", narrow, "norm", "-3"], TimeSpan.FromSeconds(30))).ShouldSucceed();
        return Pcm.FromWav(await File.ReadAllBytesAsync(narrow));
    }
}
