namespace Postbell.Telephony.Calls;

/// <content>Keys that are pressed toward the caller.</content>
public sealed partial class InboundCall
{
    /// <summary>Most keys of one order.</summary>
    public const int MostKeys = 64;

    private static readonly TimeSpan s_betweenKeys = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_comma = TimeSpan.FromSeconds(1);

    private bool _pressing;

    /// <summary>True for keys that can be pressed: 0 to 9, *, #, A to D, and a comma for a second's pause; at most <see cref="MostKeys"/>.</summary>
    public static bool AreKeys(string keys) =>
        keys.Length is > 0 and <= MostKeys && keys.All(static key => char.IsAsciiDigit(key) || key is '*' or '#' or ',' or (>= 'A' and <= 'D'));

    /// <summary>
    /// Presses keys toward the caller's gateway, one after the other, in the way it wants (<c>dtmf</c> of the gateway). Sound of ours pauses meanwhile, but for
    /// keys that go by SIP INFO.
    /// </summary>
    /// <param name="keys">See <see cref="AreKeys"/>.</param>
    /// <returns>200, or the status with which the gateway refused a key, after which none is sent; 491 while other keys are being pressed; 481 when the call ended.</returns>
    /// <exception cref="ArgumentException"><paramref name="keys"/> are no keys.</exception>
    public async Task<int> PressAsync(string keys)
    {
        if (!AreKeys(keys))
        {
            throw new ArgumentException($"\"{keys}\" are no keys.", nameof(keys));
        }

        if (_pressing)
        {
            return 491;
        }

        _pressing = true;
        try
        {
            foreach (var key in keys)
            {
                var status = key == ',' ? 200 : await _presses.PressAsync(key, _dialog, Hangup);
                if (status is < 200 or >= 300)
                {
                    return status;
                }

                await _wheel.DelayAsync(key == ',' ? s_comma : s_betweenKeys, Hangup);
            }

            return 200;
        }
        catch (OperationCanceledException)
        {
            return 481;
        }
        finally
        {
            _pressing = false;
        }
    }
}
