using Postbell.Speech;
using Postbell.Speech.Tests.Worker;

switch (args)
{
    case ["speech-worker"]:
        await SpeechWorker.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput(), CancellationToken.None);
        return 0;
    case ["fragile-worker"]:
        await SpeechWorker.RunAsync(new FragileEngine(), Console.OpenStandardInput(), Console.OpenStandardOutput(), CancellationToken.None);
        return 0;
    case ["babbling-worker"]:
        Console.WriteLine("Hello, I am a C library that prints.");
        return 0;
    default:
        return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
