using Postbell.Core;
using Postbell.Sip.Resolution;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Dialogs;

/// <summary>
/// Looks up the names that peers write into Contact and Record-Route, beside the call: nothing waits for it. A dialog whose name is not found in time
/// sends its requests the way the peer reached us. Only so many at once, so that no peer can make us ask without end.
/// </summary>
internal sealed class NextHopLookups(SipStack stack)
{
    private const int MostUnderWay = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private int _underWay;

    /// <summary>Look-ups under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Begins to look the next hop of a dialog up, where it is a name; the route is told on its executor.</summary>
    public void Begin(DialogRoute route, SipFlow flow, SerialExecutor executor)
    {
        if (stack.Options.Locator is not { } locator || route.NameToLookUp(flow) is not { } name)
        {
            return;
        }

        if (Interlocked.Increment(ref _underWay) > MostUnderWay)
        {
            Interlocked.Decrement(ref _underWay);
            stack.Statistics.CountSkippedLookup();
            return;
        }

        _ = LookUpAsync(locator, route, name, executor);
    }

    private async Task LookUpAsync(SipLocator locator, DialogRoute route, Messages.SipUri name, SerialExecutor executor)
    {
        // What comes before the first wait belongs to the caller's thread, which is that of a call.
        await Task.Yield();
        try
        {
            using var limit = new CancellationTokenSource(Patience, stack.Wheel.Time);
            var location = await locator.LocateAsync(name, limit.Token);
            executor.Post(() => route.SetLocation(name, location.Destinations));
        }
        catch (OperationCanceledException)
        {
            // Not found in time: the way the peer reached us stays.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
