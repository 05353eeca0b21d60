namespace Postbell.Speech.Tests.Worker;

/// <summary>Starts this test program again as a worker process.</summary>
internal static class WorkerProgram
{
    public static SpeechWorkerOptions Options(string kind) => new()
    {
        FileName = Path.Combine(AppContext.BaseDirectory, "Postbell.Speech.Tests"),
        Arguments = [kind],
        FirstRestartDelay = TimeSpan.FromMilliseconds(1),
    };
}
