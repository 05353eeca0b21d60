using Postbell.Core.Resolution;
using Postbell.Delivery;
using Postbell.Server.Hosting;
using Postbell.Smtp.Client;
using Postbell.Smtp.Outbound;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

public sealed class MailSystemRelayTests : IAsyncDisposable
{
    private readonly SmtpSink _sink = new();

    [Fact]
    public async Task A_message_reaches_the_mail_system_and_its_answer_comes_back()
    {
        (await SendAsync()).ShouldBe("250 2.0.0 Ok: queued as SINK1");
        var message = _sink.Messages.ShouldHaveSingleItem();
        message.Text.ShouldBe("Subject: x\r\n\r\nvoice\r\n");
        message.From.ShouldStartWith("MAIL FROM:<postbell@example.com>");
        message.To.ShouldBe(["RCPT TO:<ben@example.com>"]);
    }

    [Fact]
    public async Task A_refusal_for_good_holds_the_message_and_any_other_lets_it_wait()
    {
        _sink.Answer = static c => c.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 Nobody" : null;
        (await Should.ThrowAsync<DeliveryRefusedException>(SendAsync)).Message.ShouldContain("550 5.1.1 Nobody");
        _sink.Answer = static c => c.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.3.0 Later" : null;
        (await Should.ThrowAsync<InvalidOperationException>(SendAsync)).Message.ShouldContain("451 4.3.0 Later");
        _sink.Answer = static _ => "";
        await Should.ThrowAsync<SmtpSessionException>(SendAsync);
    }

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    private async Task<string> SendAsync()
    {
        var route = new OutboundRoute { Server = new SmtpRoute { Host = "127.0.0.1", Port = _sink.Port, Tls = SmtpTlsUse.None } };
        await using var ways = new OutboundWays([route], new DnsResolver(new DnsOptions(), TimeProvider.System), "um.example.com", TimeProvider.System);
        return await new MailSystemRelay(ways, "postbell@example.com").SendAsync("ben@example.com", "Subject: x\n\nvoice"u8.ToArray(), TestContext.Current.CancellationToken);
    }
}
