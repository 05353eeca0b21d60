using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Postbell.Core;

namespace Postbell.Speech.Worker;

/// <summary>
/// One frame on the pipe between server and worker: a mark (2 bytes, "PB"), the kind (1 byte), the request's number (4 bytes), the length of the
/// content (4 bytes), the content. Numbers are little-endian. Both sides check every field: a C library that prints to the pipe is found out.
/// </summary>
internal sealed record WorkerFrame(WorkerFrameKind Kind, uint Request, ReadOnlyMemory<byte> Content)
{
    /// <summary>Version of the protocol.</summary>
    public const int Version = 1;

    /// <summary>Largest content in bytes: more than eight minutes of audio.</summary>
    public const int MaxContent = 8 * 1024 * 1024;

    private const int HeaderLength = 11;
    private const int MaxDetail = 500;

    public static WorkerFrame Ready()
    {
        var content = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(content, Version);
        return new WorkerFrame(WorkerFrameKind.Ready, 0, content);
    }

    public static WorkerFrame Speak(uint request, string voice, string text)
    {
        var voiceLength = Encoding.UTF8.GetByteCount(voice);
        if (voiceLength > byte.MaxValue)
        {
            throw new SpeechException(SpeechFailure.VoiceMissing, "the name of the voice is too long");
        }

        var content = new byte[1 + voiceLength + Encoding.UTF8.GetByteCount(text)];
        content[0] = (byte)voiceLength;
        Encoding.UTF8.GetBytes(voice, content.AsSpan(1));
        Encoding.UTF8.GetBytes(text, content.AsSpan(1 + voiceLength));
        return new WorkerFrame(WorkerFrameKind.Speak, request, content);
    }

    public static WorkerFrame Audio(uint request, PcmAudio audio)
    {
        var samples = MemoryMarshal.AsBytes(audio.Samples.Span);
        if (samples.Length + 4 > MaxContent)
        {
            return Failure(request, SpeechFailure.TextTooLong, "the audio is too long");
        }

        var content = new byte[4 + samples.Length];
        BinaryPrimitives.WriteInt32LittleEndian(content, audio.SampleRate);
        samples.CopyTo(content.AsSpan(4));
        return new WorkerFrame(WorkerFrameKind.Audio, request, content);
    }

    public static WorkerFrame Failure(uint request, SpeechFailure failure, string detail)
    {
        var text = Encoding.UTF8.GetBytes(detail.Length > MaxDetail ? detail[..MaxDetail] : detail);
        return new WorkerFrame(WorkerFrameKind.Failure, request, (byte[])[(byte)failure, .. text]);
    }

    /// <summary>True when this is the greeting of a worker that speaks the same version.</summary>
    public bool IsReady() =>
        Kind == WorkerFrameKind.Ready && Content.Length == 4 && BinaryPrimitives.ReadInt32LittleEndian(Content.Span) == Version;

    public (string Voice, string Text) ReadSpeak()
    {
        var content = Content.Span;
        if (Kind != WorkerFrameKind.Speak || content.Length < 1 || content.Length < 1 + content[0])
        {
            throw new SpeechException(SpeechFailure.BadAnswer, "a broken request");
        }

        return (Encoding.UTF8.GetString(content.Slice(1, content[0])), Encoding.UTF8.GetString(content[(1 + content[0])..]));
    }

    /// <summary>The audio of an answer.</summary>
    /// <exception cref="SpeechException">The answer is a failure, or broken.</exception>
    public PcmAudio ReadAudio()
    {
        var content = Content.Span;
        if (Kind == WorkerFrameKind.Failure && content.Length >= 1 && Enum.IsDefined((SpeechFailure)content[0]))
        {
            throw new SpeechException((SpeechFailure)content[0], DisplayText.Clean(Encoding.UTF8.GetString(content[1..]), MaxDetail));
        }

        if (Kind != WorkerFrameKind.Audio || content.Length <= 4 || content.Length % 2 != 0)
        {
            throw new SpeechException(SpeechFailure.BadAnswer, "a broken answer");
        }

        return new PcmAudio(MemoryMarshal.Cast<byte, short>(content[4..]).ToArray(), BinaryPrimitives.ReadInt32LittleEndian(content));
    }

    public async Task WriteAsync(Stream stream, CancellationToken cancellation)
    {
        var bytes = new byte[HeaderLength + Content.Length];
        bytes[0] = (byte)'P';
        bytes[1] = (byte)'B';
        bytes[2] = (byte)Kind;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(3), Request);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(7), Content.Length);
        Content.Span.CopyTo(bytes.AsSpan(HeaderLength));
        await stream.WriteAsync(bytes, cancellation);
        await stream.FlushAsync(cancellation);
    }

    /// <summary>The next frame; null at the end of the stream between frames.</summary>
    /// <exception cref="SpeechException">What came is no frame.</exception>
    /// <exception cref="EndOfStreamException">The stream ended inside a frame.</exception>
    public static async Task<WorkerFrame?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var header = new byte[HeaderLength];
        var read = await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellation);
        if (read == 0)
        {
            return null;
        }

        if (read < HeaderLength)
        {
            throw new EndOfStreamException();
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(7));
        if (header[0] != 'P' || header[1] != 'B' || !Enum.IsDefined((WorkerFrameKind)header[2]) || length is < 0 or > MaxContent)
        {
            throw new SpeechException(SpeechFailure.BadAnswer, "what came over the pipe is no frame");
        }

        var content = new byte[length];
        await stream.ReadExactlyAsync(content, cancellation);
        return new WorkerFrame((WorkerFrameKind)header[2], BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(3)), content);
    }
}
