using Postbell.Directory;
using Postbell.Media;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.Calls;

/// <summary>Presses keys toward the peer of a call, in the way that its gateway wants. Used on the executor of the call, by one at a time.</summary>
internal sealed class KeyPresses(MediaSession media, KeySending way)
{
    private static readonly TimeSpan s_press = TimeSpan.FromMilliseconds(120);

    private string _type = KeyReport.RelayType;

    /// <summary>Presses one key; the task ends when it was sent, and where the peer must say so, taken.</summary>
    /// <param name="key">0 to 9, *, #, A to D.</param>
    /// <param name="dialog">The dialog of the call.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Status of the answer to INFO; 200 for what is sent as sound or events.</returns>
    public async Task<int> PressAsync(char key, SipDialog dialog, CancellationToken cancellation)
    {
        if (way != KeySending.Info)
        {
            await media.SendDigitAsync(key, s_press, asSound: way == KeySending.Inband, cancellation);
            return 200;
        }

        var response = await ReportAsync(key, dialog, cancellation);
        if (response.Status == 415 && _type == KeyReport.RelayType)
        {
            // It says so once in a call.
            _type = KeyReport.PlainType;
            response = await ReportAsync(key, dialog, cancellation);
        }

        return response.Status;
    }

    private Task<SipResponse> ReportAsync(char key, SipDialog dialog, CancellationToken cancellation) =>
        dialog.SendAsync(SipMethods.Info, new KeyReport(key, s_press).ToBody(_type), _type, null, cancellation);
}
