using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;

namespace Postbell.Delivery.Audio;

/// <summary>
/// Makes attachments. When MP3 or Opus is asked for and its library is missing, the choice of the operator counts: WAV instead, said in log, count and
/// ledger, or an error.
/// </summary>
public sealed partial class AttachmentEncoder
{
    private readonly bool _wavInstead;
    private readonly bool _canMp3;
    private readonly bool _canOpus;
    private readonly ILogger _log;
    private long _substitutions;

    /// <summary>Creates an encoder and says at once when MP3 cannot be made.</summary>
    /// <param name="wavInstead">What to do without a library: true attaches WAV, false fails the message (it is tried again and then held).</param>
    /// <param name="log">Log.</param>
    /// <param name="canMp3">Whether the library of MP3 is there; null looks.</param>
    /// <param name="canOpus">Whether the library of Opus is there; null looks.</param>
    public AttachmentEncoder(bool wavInstead, ILogger<AttachmentEncoder> log, bool? canMp3 = null, bool? canOpus = null)
    {
        _wavInstead = wavInstead;
        _canMp3 = canMp3 ?? Mp3Encoder.IsAvailable;
        _canOpus = canOpus ?? OggOpusWriter.IsAvailable;
        _log = log;
        if (!_canMp3)
        {
            LogMissing(_log, wavInstead ? "WAV is attached instead" : "voice messages in MP3 format wait until it is installed");
        }
    }

    /// <summary>True when MP3 can be made.</summary>
    public bool CanMp3 => _canMp3;

    /// <summary>True when Ogg Opus can be made.</summary>
    public bool CanOpus => _canOpus;

    /// <summary>Messages that got WAV in place of MP3 or Opus.</summary>
    public long Substitutions => Volatile.Read(ref _substitutions);

    /// <summary>Encodes audio. WAV and MP3 have its sample rate, Opus its band, G.711 has 8 kHz.</summary>
    /// <exception cref="InvalidOperationException">The format cannot be made, and WAV is not wanted instead.</exception>
    public AudioAttachment Encode(PcmAudio audio, AttachmentFormat format)
    {
        switch (format)
        {
            case AttachmentFormat.Mp3 when _canMp3:
                return new AudioAttachment(Mp3Encoder.Encode(audio), "audio/mp3", ".mp3", audio.Duration);
            case AttachmentFormat.Mp3:
                return WavInstead(audio, "MP3", "libmp3lame");
            case AttachmentFormat.Opus when _canOpus:
                return new AudioAttachment(OggOpusWriter.Write(audio), "audio/ogg", ".opus", audio.Duration);
            case AttachmentFormat.Opus:
                return WavInstead(audio, "Opus", "libopus");
            case AttachmentFormat.G711:
                return new AudioAttachment(WavWriter.FromG711(MuLaw(audio), G711Law.Mu), "audio/wav", ".wav", audio.Duration);
            default:
                return Wav(audio);
        }
    }

    private AudioAttachment WavInstead(PcmAudio audio, string format, string library)
    {
        if (!_wavInstead)
        {
            throw new InvalidOperationException($"{format} is asked for, but the encoder library {library} is not installed.");
        }

        Interlocked.Increment(ref _substitutions);
        LogSubstituted(_log, library);
        return Wav(audio) with { Note = $"WAV in place of {format}: {library} is not installed" };
    }

    private static AudioAttachment Wav(PcmAudio audio) => new(WavWriter.Pcm16(audio), "audio/wav", ".wav", audio.Duration);

    private static byte[] MuLaw(PcmAudio audio)
    {
        var samples = Resampler.Convert(audio, G711.SampleRate).Samples.Span;
        var codes = new byte[samples.Length];
        G711.Encode(samples, codes, G711Law.Mu);
        return codes;
    }

    [LoggerMessage(LogLevel.Warning, "The MP3 encoder library libmp3lame is not installed (Debian: apt install libmp3lame0): {Consequence}")]
    private static partial void LogMissing(ILogger log, string consequence);

    [LoggerMessage(LogLevel.Warning, "A voice message gets a WAV attachment because {Library} is not installed")]
    private static partial void LogSubstituted(ILogger log, string library);
}
