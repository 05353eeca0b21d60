using System.Text;

namespace Postbell.Scenarios.Tests;

/// <summary>Everything a gateway may offer in a call with one leg, and the answer to it.</summary>
public sealed class ReinviteScenarios
{
    [Theory]
    [InlineData("127.0.0.1", "a=sendrecv", "a=sendrecv")]
    [InlineData("127.0.0.1", "a=sendonly", "a=recvonly")]
    [InlineData("127.0.0.1", "a=recvonly", "a=sendonly")]
    [InlineData("127.0.0.1", "a=inactive", "a=inactive")]
    [InlineData("0.0.0.0", "a=sendrecv", "a=recvonly")]
    [InlineData("0.0.0.0", "a=sendonly", "a=recvonly")]
    [InlineData("0.0.0.0", "a=inactive", "a=inactive")]
    [InlineData("0.0.0.0", "a=ptime:20", "a=recvonly")]
    public async Task Hold_in_every_form_is_answered_with_its_counterpart(string address, string direction, string answered)
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        (await peer.DialAsync("1001")).Status.ShouldBe(200);
        var offer = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(ScenarioPeer.Sdp.Span).Replace("c=IN IP4 127.0.0.1", "c=IN IP4 " + address) + direction + "\r\n");
        var answer = peer.Call!.Dialog!.OfferAsync(offer);
        await server.UntilAsync(() => answer.IsCompleted, "an answer to the re-INVITE");
        (await answer).Status.ShouldBe(200);
        var body = Encoding.ASCII.GetString((await answer).Body.Span);
        (body.Contains(answered) || (answered == "a=sendrecv" && !body.Contains("a=recvonly") && !body.Contains("a=sendonly") && !body.Contains("a=inactive")))
            .ShouldBeTrue(body);

        // And back again.
        var resumed = peer.Call.Dialog.OfferAsync(ScenarioPeer.Sdp);
        await server.UntilAsync(() => resumed.IsCompleted, "an answer to the second re-INVITE");
        (await resumed).Status.ShouldBe(200);
        peer.Ends.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_that_cannot_be_taken_is_refused_and_the_call_goes_on()
    {
        await using var server = await ScenarioServer.StartAsync();
        await using var peer = await ScenarioPeer.StartAsync(server);
        (await peer.DialAsync("1001")).Status.ShouldBe(200);
        var offer = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(ScenarioPeer.Sdp.Span).Replace("m=audio 40000 RTP/AVP 0", "m=video 40000 RTP/AVP 96"));
        var answer = peer.Call!.Dialog!.OfferAsync(offer);
        await server.UntilAsync(() => answer.IsCompleted, "an answer to the re-INVITE");
        (await answer).Status.ShouldBe(488);
        peer.Ends.ShouldBeEmpty();
    }
}
