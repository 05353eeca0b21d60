using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>What the tests with the test phone have in common: they call 1002 and cut the greeting short with a key.</summary>
internal sealed class PhoneCaller(SharedServer shared)
{
    public const string Called = "1002";

    public async Task<(TestPhone Phone, PhoneCall Call)> CallAndHearTheBeepAsync(CallRequest? request = null)
    {
        var phone = new TestPhone((await shared.ReadyAsync()).Sip);
        var call = await phone.CallAsync(Called, request);
        await call.PressAsync('1');
        await call.HearBeepAsync();
        return (phone, call);
    }

    public async Task<VoiceMail> DeliveredAsync(PhoneCall call)
    {
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        return await mailbox.WaitForCallAsync(call.CallId);
    }
}
