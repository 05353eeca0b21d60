using Postbell.Interop.Tests.Audio;

namespace Postbell.Interop.Tests.Phone;

public class ToneListenerTests
{
    [Theory]
    [InlineData(425)]
    [InlineData(1000)]
    [InlineData(1400)]
    public async Task A_beep_after_speech_is_heard_once(int pitch)
    {
        var beep = Enumerable.Range(0, 2400).Select(i => (short)(8000 * Math.Sin(2 * Math.PI * pitch * i / Pcm.Rate)));
        var heard = Listen(new Pcm([.. (await Speech.SentenceAsync(0)).Samples, .. new short[800], .. beep, .. new short[800]]));
        heard.TonesEnded.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Speech_alone_is_no_beep(int sentence) => Listen(await Speech.SentenceAsync(sentence)).TonesEnded.ShouldBe(0);

    private static ToneListener Listen(Pcm audio)
    {
        var listener = new ToneListener();
        foreach (var frame in audio.ToMuLaw().Chunk(160))
        {
            listener.Hear(frame, Companding.FromMuLaw);
        }

        return listener;
    }
}
