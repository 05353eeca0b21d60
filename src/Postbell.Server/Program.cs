using Postbell.Server.Commands;

namespace Postbell.Server;

internal static class Program
{
    private static Task<int> Main(string[] args) => CommandLine.RunAsync(args, new Terminal(Console.In, Console.Out, Console.Error));
}
