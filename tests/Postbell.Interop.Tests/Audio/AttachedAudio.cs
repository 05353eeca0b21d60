using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Programs;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Audio;

/// <summary>The recording in a delivered message, whatever its format.</summary>
public static class AttachedAudio
{
    public static async Task<Pcm> ReadAsync(MimePart message)
    {
        var part = message.All.SingleOrDefault(p => p.MediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException($"no audio part among {string.Join(", ", message.All.Select(p => p.MediaType))}");
        var content = part.Content;
        if (content.AsSpan().StartsWith("RIFF"u8))
        {
            return Pcm.FromWav(content);
        }

        using var folder = new TemporaryDirectory();
        var compressed = folder.File("voice.mp3");
        var plain = folder.File("voice.wav");
        await File.WriteAllBytesAsync(compressed, content);
        if (content.AsSpan().StartsWith("OggS"u8))
        {
            (await ExternalProgram.RunAsync("opusdec", ["--quiet", "--rate", "8000", "--force-wav", compressed, plain], TimeSpan.FromSeconds(30))).ShouldSucceed();
            return Pcm.FromWav(await File.ReadAllBytesAsync(plain));
        }

        (await ExternalProgram.RunAsync("sox", [compressed, "-r", "8000", "-c", "1", "-b", "16", plain], TimeSpan.FromSeconds(30))).ShouldSucceed();
        return Pcm.FromWav(await File.ReadAllBytesAsync(plain));
    }
}
