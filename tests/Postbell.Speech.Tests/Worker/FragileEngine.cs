using System.Diagnostics;
using Postbell.Core;
using Postbell.Speech.Worker;

namespace Postbell.Speech.Tests.Worker;

/// <summary>An engine whose worker process dies, hangs or fails as the text says.</summary>
internal sealed class FragileEngine : ISpeechEngine
{
    public PcmAudio Speak(string voice, string text)
    {
        switch (text)
        {
            case "die":
                Process.GetCurrentProcess().Kill();
                break;
            case "hang":
                new ManualResetEventSlim().Wait(Timeout.Infinite, CancellationToken.None);
                break;
            case "fail":
                throw new SpeechException(SpeechFailure.EngineFailed, "as asked");
        }

        return new PcmAudio(Enumerable.Repeat((short)1000, text.Length * 80).ToArray(), 8000);
    }
}
