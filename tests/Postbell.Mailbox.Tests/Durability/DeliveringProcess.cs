using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Postbell.Mailbox.Tests.Durability;

/// <summary>Delivers numbered messages without end, several at a time, and writes a line for each one the store acknowledged.</summary>
internal static class DeliveringProcess
{
    public const string Command = "deliver-until-killed";

    private const int Workers = 6;

    /// <summary>The bytes of message <paramref name="number"/>: different for each, sizes from tiny to 60 kB.</summary>
    public static byte[] Message(int number)
    {
        var body = new char[(number * 7919 % 60_000) + 10];
        Array.Fill(body, (char)('a' + (number % 26)));
        return Encoding.ASCII.GetBytes($"Subject: {Key(number)}\r\nContent-Class: Voice-CA\r\n\r\n{new string(body)}\r\n");
    }

    public static string Key(int number) => $"message-{number:D6}";

    public static async Task<int> RunAsync(string directory, int first)
    {
        var options = new MailStoreOptions { DataDirectory = directory, PasswordIterations = 1 };
        await using var store = await MailStore.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, default);
        var account = (await store.FindAccountAsync("ann", default))!.Id;
        await using var output = Console.OpenStandardOutput();
        var gate = new Lock();
        var next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var number = Interlocked.Increment(ref next);
                var result = await store.DeliverAsync(account, new MailDelivery { Message = Message(number), IdempotencyKey = Key(number) }, default);
                lock (gate)
                {
                    // One write call per line: a line is there whole or not at all.
                    output.Write(Encoding.ASCII.GetBytes($"{number} {result.Uid}\n"));
                }
            }
        })));
        return 0;
    }
}
