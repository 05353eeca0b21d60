using System.CommandLine;
using Postbell.Server.Client;

namespace Postbell.Server.Commands;

/// <summary>The options by which a command finds the running server, and the one that asks for JSON.</summary>
internal static class ServerOptions
{
    /// <summary>The data folder.</summary>
    public static readonly Option<string> Data = new("--data", "-d") { Description = "data folder of the server", HelpName = "DIR", DefaultValueFactory = _ => "data" };

    /// <summary>One line of JSON instead of text.</summary>
    public static readonly Option<bool> AsJson = new("--json") { Description = "print one line of JSON" };

    private static readonly Option<string?> s_server = new("--server") { Description = "address of a server elsewhere, for instance http://127.0.0.1:8080", HelpName = "URL" };

    private static readonly Option<string?> s_token = new("--token") { Description = "file that holds the administration token for --server", HelpName = "FILE" };

    /// <summary>Gives a command the options of this class.</summary>
    public static Command WithServer(this Command command)
    {
        command.Add(Data);
        command.Add(s_server);
        command.Add(s_token);
        command.Add(AsJson);
        return command;
    }

    /// <summary>The server that the options name.</summary>
    public static AdminClient Connect(this ParseResult parsed) =>
        parsed.GetValue(s_server) is { } address ? AdminClient.ForServer(address, parsed.GetValue(s_token)) : AdminClient.ForData(parsed.GetValue(Data)!);

    /// <summary>Asks the server for one thing and prints it: as it came with --json, else through <paramref name="print"/>.</summary>
    public static async Task<int> ShowAsync<T>(this ParseResult parsed, Terminal terminal, string path, Action<T> print, CancellationToken cancellation)
    {
        using var server = parsed.Connect();
        var answer = await server.GetAsync(path, cancellation);
        parsed.Print(terminal, answer, print);
        return ExitCode.Ok;
    }

    /// <summary>Prints an answer in the form that was asked for.</summary>
    public static void Print<T>(this ParseResult parsed, Terminal terminal, System.Text.Json.JsonElement answer, Action<T> print)
    {
        if (parsed.GetValue(AsJson))
        {
            terminal.WriteJson(answer);
        }
        else
        {
            print(System.Text.Json.JsonSerializer.Deserialize<T>(answer, Http.Json.Options)!);
        }
    }
}
