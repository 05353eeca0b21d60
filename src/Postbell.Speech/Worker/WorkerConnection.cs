using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Postbell.Core;

namespace Postbell.Speech.Worker;

/// <summary>One running worker process and the pipes to it. One request at a time.</summary>
internal sealed partial class WorkerConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private uint _lastRequest;

    private WorkerConnection(Process process, TimeProvider time, ILogger log)
    {
        (_process, _time, _log) = (process, time, log);
        ProcessId = process.Id;
    }

    public int ProcessId { get; }

    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts the program and waits for its greeting.</summary>
    /// <exception cref="SpeechException">It could not be started, ended at once, or is something else.</exception>
    public static async Task<WorkerConnection> StartAsync(SpeechWorkerOptions options, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(options.FileName, options.Arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SpeechException(SpeechFailure.WorkerNotStarted, $"{options.FileName}: {e.Message}", e);
        }

        var connection = new WorkerConnection(process, time, log);
        _ = connection.DrainErrorsAsync();
        try
        {
            var greeting = await WorkerFrame.ReadAsync(process.StandardOutput.BaseStream, cancellation).WaitAsync(options.StartTimeout, time, cancellation);
            if (greeting?.IsReady() == true)
            {
                return connection;
            }

            throw new SpeechException(SpeechFailure.WorkerNotStarted, "the program is no speech worker of this version");
        }
        catch (Exception e)
        {
            await connection.KillAsync();
            throw e is OperationCanceledException or SpeechException { Failure: SpeechFailure.WorkerNotStarted }
                ? e
                : new SpeechException(SpeechFailure.WorkerNotStarted, e.Message, e);
        }
    }

    /// <summary>Asks for a text and waits for the answer frame.</summary>
    /// <exception cref="SpeechException">The worker died, took too long, or answered something that is not the protocol. It must be replaced.</exception>
    public async Task<WorkerFrame> AskAsync(string voice, string text, TimeSpan timeout, CancellationToken cancellation)
    {
        var request = WorkerFrame.Speak(++_lastRequest, voice, text);
        try
        {
            var answer = await ExchangeAsync(request, cancellation).WaitAsync(timeout, _time, cancellation);
            if (answer is null)
            {
                throw new SpeechException(SpeechFailure.WorkerCrashed, "the worker ended");
            }

            return answer.Request == request.Request && answer.Kind is WorkerFrameKind.Audio or WorkerFrameKind.Failure
                ? answer
                : throw new SpeechException(SpeechFailure.BadAnswer, "the answer belongs to no request");
        }
        catch (TimeoutException e)
        {
            throw new SpeechException(SpeechFailure.Late, "the worker hangs", e);
        }
        catch (IOException e)
        {
            throw new SpeechException(SpeechFailure.WorkerCrashed, "the worker ended: " + e.Message, e);
        }
    }

    /// <summary>Ends the process at once.</summary>
    public async Task KillAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was gone already.
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    /// <summary>Lets the worker end by itself for a moment, then ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(s_farewell, _time);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // It did not listen; killing follows.
        }

        await KillAsync();
    }

    private async Task<WorkerFrame?> ExchangeAsync(WorkerFrame request, CancellationToken cancellation)
    {
        await request.WriteAsync(_process.StandardInput.BaseStream, cancellation);
        return await WorkerFrame.ReadAsync(_process.StandardOutput.BaseStream, cancellation);
    }

    // A full pipe would stop the worker, so what it writes there is always read; the log gets the beginning of each piece.
    private async Task DrainErrorsAsync()
    {
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await _process.StandardError.BaseStream.ReadAsync(buffer)) > 0)
            {
                LogWorkerSaid(ProcessId, DisplayText.Clean(Encoding.UTF8.GetString(buffer, 0, read), 500));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process is gone.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Speech worker {ProcessId} says: {Text}")]
    private partial void LogWorkerSaid(int processId, string text);
}
