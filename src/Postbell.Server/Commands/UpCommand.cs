using System.CommandLine;
using System.Globalization;
using Postbell.Server.Configuration;
using Postbell.Server.Hosting;

namespace Postbell.Server.Commands;

/// <summary><c>postbell up</c>: a server with a demo organization on this machine, for trying out and for tests of other programs.</summary>
internal static class UpCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var offset = new Option<int>("--port-offset") { Description = "number that is added to every port", HelpName = "N" };
        offset.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) && value is < 0 or > DemoConfiguration.MaxPortOffset)
            {
                result.AddError($"--port-offset must be from 0 to {DemoConfiguration.MaxPortOffset}");
            }
        });
        var command = new Command("up", "starts a server with a demo organization on this machine") { ServerOptions.Data, offset, ServerOptions.AsJson };
        command.SetAction((parsed, _) =>
        {
            var configuration = DemoConfiguration.Create(parsed.GetValue(ServerOptions.Data)!, parsed.GetValue(offset));
            return ServerRun.RunAsync(configuration, terminal, LogLevel.Warning, parts => Greet(terminal, parts, parsed.GetValue(ServerOptions.AsJson)));
        });
        return command;
    }

    private static void Greet(Terminal terminal, ServerParts parts, bool json)
    {
        if (json)
        {
            terminal.WriteJson(ReadyLine.Of(parts));
            return;
        }

        var configuration = parts.Configuration;
        terminal.Out.WriteLine($"Postbell {ProductVersion.Text} is up. Data: {parts.Layout.Root}");
        terminal.Out.WriteLine();
        terminal.WriteTable(["DOOR", "ADDRESS"], ListenPorts.Doors(configuration).Select(door => new[] { door.Name, door.Address }));
        terminal.Out.WriteLine();
        terminal.WriteTable(["NUMBER", "NAME", "USER", "PASSWORD", "PIN"], parts.Demo!.People.Select(p => new[] { p.Number, p.Name, p.User, p.Password, p.Pin }));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"Call sip:1001@{configuration.Sip[0]}, speak after the beep, hang up; then open the mailbox with any mail program (IMAP {configuration.Imap[0]}).");
        terminal.Out.WriteLine($"Or let the built-in telephone call: postbell call 1001 --play FILE.wav{(ReferToData(parts))}");
        terminal.Out.WriteLine("Stop with Ctrl+C.");
        terminal.Out.Flush();
    }

    private static string ReferToData(ServerParts parts) => parts.Layout.Root == Path.GetFullPath("data") ? "" : $" --data {parts.Layout.Root}";
}
