using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Callers behind a proxy whom an administrator sends on to a colleague behind the same proxy.</summary>
public sealed class KamailioTransferTests
{
    private const string Codec = "PCMU/8000/1";
    private static readonly Pcm Quiet = new(new short[Pcm.Rate * 60]);

    [Fact]
    public async Task Baresip_follows_a_transfer_through_the_proxy_and_Linphone_is_joined_to_a_colleague()
    {
        await using var proxy = Kamailio.Prepare();
        await using var server = await PostbellServer.PrepareAsync();
        await server.LaunchWithAsync($"  listen: [\"{server.Ready.Sip}\"]", KamailioTests.Organization(proxy, "udp"));
        await proxy.StartAsync(server.Ready.Sip, "udp");
        await using var busy = new SippPhone("desk_phone_busy");
        await proxy.RegisterAsync("1001", busy.Address);
        await Task.WhenAll(BlindAsync(server, proxy), AttendedAsync(server, proxy));
    }

    private static async Task BlindAsync(PostbellServer server, Kamailio proxy)
    {
        await using var colleague = await Baresip.StartAsync(Quiet, new BaresipSetup("1002") { Answers = true });
        await proxy.RegisterAsync("1002", colleague.Address);
        await using var caller = await Baresip.StartAsync(Quiet, new BaresipSetup("4711001"));
        await caller.DialAsync("1001", proxy.Sip);
        var call = await RunningCalls.FindAsync(server, "4711001");
        (await server.CommandAsync("calls", "transfer", call, "1002")).ShouldSucceed();
        await colleague.WaitForAsync("CALL_ESTABLISHED");
        await caller.WaitForAsync("CALL_ESTABLISHED", times: 2);
    }

    private static async Task AttendedAsync(PostbellServer server, Kamailio proxy)
    {
        await using var colleague = await Linphone.StartAsync(Quiet, Codec, "1003", answers: true);
        await proxy.RegisterAsync("1003", colleague.Address);
        await using var caller = await Linphone.StartAsync(Quiet, Codec, "4711002");
        await caller.CommandAsync($"call sip:1001@{proxy.Sip}");
        await caller.WaitForAsync("connected");
        var call = await RunningCalls.FindAsync(server, "4711002");
        (await server.CommandAsync("calls", "transfer", call, "1003", "--attended")).ShouldSucceed();
        // The call with us is replaced by the one of the caller.
        await colleague.WaitForAsync("Call 2 with");
        await colleague.WaitForAsync("Call 1 with");
    }
}
