using System.Runtime.InteropServices;

namespace Postbell.Server.Hosting;

/// <summary>SIGTERM and SIGINT: the first asks for a graceful stop (drain, flush), the second for a quick one (flush only).</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _quick = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Begins to listen; until disposed the signals no longer end the process by themselves.</summary>
    public StopSignals()
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Quick => _quick.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
        _quick.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        (_stop.IsCancellationRequested ? _quick : _stop).Cancel();
    }
}
