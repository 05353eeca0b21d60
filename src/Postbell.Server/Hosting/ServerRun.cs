using System.Globalization;
using System.Net.Sockets;
using Postbell.Mailbox;
using Postbell.Server.Commands;
using Postbell.Server.Configuration;

namespace Postbell.Server.Hosting;

/// <summary>One life of a server process: lock, log, start, say ready, wait for a signal, drain, stop.</summary>
internal static class ServerRun
{
    /// <summary>Runs until a signal.</summary>
    /// <param name="configuration">What to run.</param>
    /// <param name="terminal">Where to speak.</param>
    /// <param name="terminalLevel">Least level of the log lines that go to the error stream.</param>
    /// <param name="onReady">Called once when every door is open.</param>
    public static async Task<int> RunAsync(ServerConfiguration configuration, Terminal terminal, LogLevel terminalLevel, Action<ServerParts> onReady)
    {
        var time = TimeProvider.System;
        using var signals = new StopSignals();
        using var folder = DataFolder.Open(configuration.DataDirectory);
        ListenPorts.EnsureFree(configuration);
        await using var lines = new LineLog(folder.Layout.Logs, terminal.Error, terminalLevel, time);
        using var log = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(configuration.LogLevel)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddProvider(lines));
        var logger = log.CreateLogger("Postbell");
        try
        {
            await using var server = await StartAsync(configuration, folder, time, log, signals.Stop);
            logger.LogInformation("Postbell {Version} is ready, data in {Folder}", ProductVersion.Text, folder.Layout.Root);
            ServiceManager.Tell("READY=1");
            onReady(server.Parts);
            await UntilAsync(signals.Stop);
            ServiceManager.Tell("STOPPING=1");
            logger.LogInformation("Stopping: no new calls; running ones have {Seconds} s", configuration.DrainTime.TotalSeconds.ToString(CultureInfo.InvariantCulture));
            await server.DrainAsync(signals.Quick);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            logger.LogInformation("Stopped before the start was complete");
        }

        logger.LogInformation("Stopped");
        return ExitCode.Ok;
    }

    private static async Task<PostbellServer> StartAsync(
        ServerConfiguration configuration, DataFolder folder, TimeProvider time, ILoggerFactory log, CancellationToken stop)
    {
        try
        {
            return await PostbellServer.StartAsync(configuration, folder, time, log, stop);
        }
        catch (MailboxException fault)
        {
            throw new CommandFailedException($"cannot open the mail store in {folder.Layout.Root}: {fault.Message}");
        }
        catch (SocketException fault)
        {
            throw new CommandFailedException($"cannot listen: {fault.Message}");
        }
    }

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using (stop.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stopped))
        {
            await stopped.Task;
        }
    }
}
