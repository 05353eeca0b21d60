using Microsoft.Extensions.Logging;

namespace Postbell.Media.Engine;

/// <summary>A thread that runs an <see cref="EngineLoop"/> at its absolute deadlines and sleeps in between, without end while there is no session.</summary>
internal sealed class EngineThread : IDisposable
{
    private readonly IEngineSleep _sleep = LinuxPacketNetwork.IsSupported ? new LinuxSleep() : new PortableSleep();
    private readonly Thread _thread;
    private int _asleep;
    private volatile bool _stop;

    public EngineThread(int number, EngineClock clock, MediaEngineOptions options, PacketBatch batch, ILogger log)
    {
        Loop = new EngineLoop(clock, options, batch, Wake, log);
        _thread = new Thread(Run) { Name = $"media {number}", IsBackground = true };
        _thread.Start();
    }

    public EngineLoop Loop { get; }

    public void Dispose()
    {
        _stop = true;
        _sleep.Wake();
        _thread.Join();
        _sleep.Dispose();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _asleep, 0) == 1)
        {
            _sleep.Wake();
        }
    }

    private void Run()
    {
        _sleep.Prepare();
        while (!_stop)
        {
            Loop.RunDue();

            // Who posts after this store sees it and wakes us; who posted before is seen by HasCommands.
            Interlocked.Exchange(ref _asleep, 1);
            var wait = Loop.HasCommands || _stop ? TimeSpan.Zero : Loop.UntilNextTick();
            if (wait != TimeSpan.Zero)
            {
                _sleep.Wait(wait);
            }

            Volatile.Write(ref _asleep, 0);
        }
    }
}
