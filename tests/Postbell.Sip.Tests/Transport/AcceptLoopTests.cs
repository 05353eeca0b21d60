using System.Net.Sockets;
using Postbell.Core;
using Postbell.Sip.Transport;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Transport;

/// <summary>What keeps new connections from coming in, and what must not.</summary>
public sealed class AcceptLoopTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TimerWheel _wheel;
    private readonly TaskCompletionSource<Socket> _never = new();
    private int _accepts;

    public AcceptLoopTests() => _wheel = new TimerWheel(_time);

    public void Dispose() => _wheel.Dispose();

    [Fact]
    public void A_peer_that_is_gone_before_the_accept_holds_up_nobody()
    {
        var taken = 0;
        var loop = Loop(n => n <= 10 ? Fails(SocketError.ConnectionAborted) : n == 11 ? Arrives() : Waits(), _ => taken++);
        taken.ShouldBe(1);
        _accepts.ShouldBe(12);
        _wheel.Pending.ShouldBe(0);
        loop.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Without_free_descriptors_it_waits_before_it_tries_again()
    {
        var taken = 0;
        _ = Loop(n => n <= 2 ? Fails(SocketError.TooManyOpenSockets) : n == 3 ? Arrives() : Waits(), _ => taken++);
        _accepts.ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(60));
        // The wait is scheduled after the accept was counted, on another thread.
        Eventually(() => Volatile.Read(ref _accepts) == 2 && _wheel.Pending == 1);
        _time.Advance(TimeSpan.FromMilliseconds(60));
        Eventually(() => Volatile.Read(ref taken) == 1);
    }

    [Fact]
    public void A_listener_that_fails_for_ever_does_not_spin()
    {
        _ = Loop(_ => Fails(SocketError.ConnectionReset), static _ => { });
        _accepts.ShouldBe(AcceptLoop.Patience);
        _wheel.Pending.ShouldBe(1);
    }

    [Fact]
    public void A_closed_listener_ends_it()
    {
        Loop(static _ => throw new ObjectDisposedException("listener"), static _ => { }).IsCompletedSuccessfully.ShouldBeTrue();
        var loop = new AcceptLoop(static () => Fails(SocketError.OperationAborted), static _ => { }, _wheel);
        loop.Stop();
        loop.RunAsync().IsCompletedSuccessfully.ShouldBeTrue();
    }

    private Task Loop(Func<int, ValueTask<Socket>> accept, Action<Socket> take) =>
        new AcceptLoop(() => accept(++_accepts), take, _wheel).RunAsync();

    private static ValueTask<Socket> Fails(SocketError error) => ValueTask.FromException<Socket>(new SocketException((int)error));

    private static ValueTask<Socket> Arrives() => ValueTask.FromResult<Socket>(null!);

    private ValueTask<Socket> Waits() => new(_never.Task);

    private static void Eventually(Func<bool> condition) => SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(10)).ShouldBeTrue();
}
