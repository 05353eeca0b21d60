using System.Runtime.InteropServices;
using Postbell.Core;
using Postbell.Speech.Flite;
using Postbell.Speech.Worker;

namespace Postbell.Speech;

/// <summary>
/// The inside of the speech worker process: reads requests from one stream and writes audio to the other, one after the other, until the
/// input ends. Native engines run only here, because they can take a process down with them.
/// </summary>
public static class SpeechWorker
{
    /// <summary>Sample rate of what the worker gives.</summary>
    public const int SampleRate = 8000;

    /// <summary>
    /// Works until <paramref name="input"/> ends (the server is gone or wants no more). Signals that reach the whole group of processes (Ctrl-C,
    /// the end of a service) are left to the server: it still has calls to finish.
    /// </summary>
    /// <exception cref="SpeechException">What came is not the protocol.</exception>
    public static async Task RunAsync(Stream input, Stream output, CancellationToken cancellation)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static signal => signal.Cancel = true);
        await RunAsync(new FliteEngine(), input, output, cancellation);
    }

    internal static async Task RunAsync(ISpeechEngine engine, Stream input, Stream output, CancellationToken cancellation)
    {
        await WorkerFrame.Ready().WriteAsync(output, cancellation);
        while (await WorkerFrame.ReadAsync(input, cancellation) is { } request)
        {
            await Answer(engine, request).WriteAsync(output, cancellation);
        }
    }

    private static WorkerFrame Answer(ISpeechEngine engine, WorkerFrame request)
    {
        try
        {
            var (voice, text) = request.ReadSpeak();
            if (text.Length > SpeechText.MaxLength)
            {
                return WorkerFrame.Failure(request.Request, SpeechFailure.TextTooLong, "");
            }

            // A zero byte would end the text for C code, and a text without a word crashes some engines.
            text = DisplayText.Clean(text, SpeechText.MaxLength);
            if (!text.Any(char.IsLetterOrDigit))
            {
                return WorkerFrame.Failure(request.Request, SpeechFailure.NothingToSay, "");
            }

            return WorkerFrame.Audio(request.Request, SpeechLevel.Normalise(Resampler.Convert(engine.Speak(voice, text), SampleRate)));
        }
        catch (SpeechException e)
        {
            return WorkerFrame.Failure(request.Request, e.Failure, e.Detail);
        }
    }
}
