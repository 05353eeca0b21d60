using System.Net.Sockets;
using Postbell.Core;

namespace Postbell.Sip.Transport;

/// <summary>
/// Accepts connections for as long as the listener lives. A peer that went away between its SYN and our accept costs nothing; a process that may open no
/// more files waits before it tries again, and so does one whose accept fails over and over: the loop neither stands still nor spins.
/// </summary>
internal sealed class AcceptLoop(Func<ValueTask<Socket>> accept, Action<Socket> take, TimerWheel wheel)
{
    /// <summary>Failures in a row that go without a wait.</summary>
    public const int Patience = 64;

    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(50);

    private volatile bool _stopped;

    /// <summary>Ends the loop at the next failure of the listener, which its owner closes.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Runs until stopped.</summary>
    public async Task RunAsync()
    {
        var failures = 0;
        while (!_stopped)
        {
            try
            {
                take(await accept());
                failures = 0;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure) when (!_stopped)
            {
                if (IsExhausted(failure.SocketErrorCode) || ++failures % Patience == 0)
                {
                    await wheel.DelayAsync(s_wait, CancellationToken.None);
                }
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    /// <summary>EMFILE, ENFILE, ENOBUFS and ENOMEM: the connection still waits in the kernel, so trying at once would only spin.</summary>
    private static bool IsExhausted(SocketError error) => error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.SocketError;
}
