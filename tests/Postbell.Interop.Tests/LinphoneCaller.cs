using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>What the tests with Linphone have in common: they call 1001 and look at what came into the mailbox.</summary>
internal sealed class LinphoneCaller(SharedServer shared)
{
    public const string Called = "1001";

    public async Task CallAsync(Linphone phone, string transport)
    {
        var ready = await shared.ReadyAsync();
        await phone.CommandAsync($"call sip:{Called}@{(transport == "tls" ? ready.Sips : ready.Sip)};transport={transport}");
        await phone.WaitForAsync("connected");
    }

    public async Task<VoiceMail> MessageFromAsync(string user)
    {
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        return await mailbox.WaitForCallerAsync(user);
    }
}
