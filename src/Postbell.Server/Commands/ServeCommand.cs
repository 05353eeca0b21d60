using System.CommandLine;
using Postbell.Server.Configuration;
using Postbell.Server.Hosting;

namespace Postbell.Server.Commands;

/// <summary><c>postbell serve --config FILE</c>: the production start. --check only reads the file.</summary>
internal static class ServeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Option<string>("--config", "-c") { Description = "configuration file (postbell.yaml)", HelpName = "FILE", Required = true };
        var check = new Option<bool>("--check") { Description = "read the configuration, say what is wrong with it, start nothing" };
        var command = new Command("serve", "starts the server that a configuration file describes") { file, check };
        command.SetAction(async (parsed, _) =>
        {
            var configuration = Load(terminal, parsed.GetRequiredValue(file));
            if (parsed.GetValue(check))
            {
                terminal.Out.WriteLine($"{parsed.GetValue(file)} is good");
                return ExitCode.Ok;
            }

            return await ServerRun.RunAsync(configuration, terminal, configuration.LogLevel, _ => { });
        });
        return command;
    }

    private static ServerConfiguration Load(Terminal terminal, string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot read the configuration: {fault.Message}", ExitCode.Usage);
        }

        var (configuration, errors) = ConfigurationFile.Read(text, file, Path.GetDirectoryName(Path.GetFullPath(file))!);
        foreach (var error in errors)
        {
            terminal.Error.WriteLine(error);
        }

        return configuration ?? throw new CommandFailedException($"{file} has {errors.Count} {(errors.Count == 1 ? "error" : "errors")}; nothing was started", ExitCode.Usage);
    }
}
