using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Postbell.Smtp.Client;
using Postbell.TestKit;

namespace Postbell.Smtp.Tests.Client;

public sealed class SmtpClientSessionTests : IAsyncDisposable
{
    private static readonly string[] s_nothing = [];
    private readonly SmtpSink _sink = new();
    private readonly List<X509Certificate2> _certificates = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_arrives_as_it_was_with_and_without_the_extensions(bool isModern)
    {
        _sink.Extensions = isModern ? _sink.Extensions : s_nothing;
        var content = "Subject: x\r\n\r\n.\r\n..dots\r\nend\r\n";
        var outcomes = await SendAsync(content, "anna@example.com", "ben@example.com");
        outcomes.Select(static o => o.Reply.Text).ShouldAllBe(static t => t == "250 2.0.0 Ok: queued as SINK1");
        var message = _sink.Messages.ShouldHaveSingleItem();
        message.Text.ShouldBe(content);
        message.To.Count.ShouldBe(2);
        message.From.ShouldBe(isModern ? $"MAIL FROM:<me@example.org> SIZE={content.Length}" : "MAIL FROM:<me@example.org>");
        _sink.Commands.Any(static c => c.StartsWith("BDAT", StringComparison.Ordinal)).ShouldBe(isModern);
        _sink.Commands.ShouldContain("QUIT");
    }

    [Fact]
    public async Task Each_recipient_has_its_own_answer()
    {
        _sink.Answer = static c => c.Contains("TO:<no@", StringComparison.Ordinal) ? "550 5.1.1 Unknown" : c.Contains("TO:<later@", StringComparison.Ordinal) ? "451 4.3.0 Later" : null;
        var outcomes = await SendAsync("x\r\n", "no@example.com", "yes@example.com", "later@example.com", "bad@b>\r\nDATA");
        outcomes.Select(static o => o.Reply.Code).ShouldBe([550, 250, 451, 553]);
        _sink.Messages.ShouldHaveSingleItem().To.ShouldHaveSingleItem();
        _sink.Commands.ShouldNotContain("DATA");
    }

    [Fact]
    public async Task Wishes_for_reports_and_characters_are_passed_on()
    {
        var mail = Mail("x\r\n") with
        {
            EnvelopeId = "id+1", Return = DsnReturn.Headers, IsEightBit = true,
            Recipients = [new OutboundRecipient("änna@example.com", DsnNotify.Success | DsnNotify.Failure, "rfc822;o r=x@example.com")],
        };
        await SendAsync(mail, "x\r\n", Route());
        var message = _sink.Messages.ShouldHaveSingleItem();
        message.From.ShouldBe("MAIL FROM:<me@example.org> SIZE=3 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+2B1");
        message.To.ShouldBe(["RCPT TO:<änna@example.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;o+20r+3Dx@example.com"]);
    }

    [Theory]
    [InlineData(true, false, "5.6.3")]
    [InlineData(false, true, "5.6.7")]
    public async Task What_the_server_cannot_take_is_not_sent(bool eightBit, bool header, string status)
    {
        _sink.Extensions = s_nothing;
        var outcomes = await SendAsync(Mail("x\r\n") with { IsEightBit = eightBit, HasEightBitHeader = header }, "x\r\n", Route());
        outcomes[0].Reply.EnhancedCode.ShouldBe(status);
        outcomes[0].Reply.IsOwn.ShouldBeTrue();
        _sink.Commands.ShouldNotContain(static c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_above_the_limit_of_the_server_is_not_sent()
    {
        _sink.Extensions = ["SIZE 10"];
        (await SendAsync("longer than ten\r\n", "a@example.com"))[0].Reply.EnhancedCode.ShouldBe("5.3.4");
    }

    [Fact]
    public async Task With_a_good_certificate_everything_is_said_within_TLS_and_the_password_too()
    {
        using var authority = new TestAuthority();
        var certificate = ForServer(authority.Issue([], [IPAddress.Loopback]));
        _sink.Certificate = certificate;
        _sink.Extensions = ["AUTH PLAIN LOGIN", "PIPELINING"];
        await SendAsync(Mail("x\r\n"), "x\r\n", Route() with { Tls = SmtpTlsUse.Verified, Authorities = authority.Trust, User = "um", Password = static () => "secret" });
        _sink.Messages.ShouldHaveSingleItem().IsProtected.ShouldBeTrue();
        _sink.Commands.ShouldContain("AUTH PLAIN " + Convert.ToBase64String("\0um\0secret"u8));
    }

    [Fact]
    public async Task LOGIN_is_used_where_PLAIN_is_not_offered_and_a_refusal_is_named()
    {
        var asked = 0;
        _sink.Extensions = ["AUTH LOGIN"];
        _sink.Answer = c => c.StartsWith("AUTH", StringComparison.Ordinal) || (asked > 0 && asked < 3 && !c.StartsWith("QUIT", StringComparison.Ordinal)) ? ++asked < 3 ? "334 VXNlcg==" : "535 5.7.8 Wrong" : null;
        var refused = await Should.ThrowAsync<SmtpSessionException>(() => SendAsync(Mail("x\r\n"), "x\r\n", Route() with { User = "um", Password = static () => "secret" }));
        refused.Reason.ShouldBe(SmtpSessionFailure.Authentication);
        refused.Message.ShouldContain("535 5.7.8 Wrong");
        _sink.Commands.ShouldContain(Convert.ToBase64String("secret"u8));
    }

    [Fact]
    public async Task A_certificate_of_a_stranger_or_of_another_host_or_none_ends_a_verified_way()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("stranger");
        var foreign = ForServer(stranger.Issue([], [IPAddress.Loopback]));
        var other = ForServer(authority.Issue(["other.example.net"]));
        foreach (var certificate in new[] { foreign, other, null })
        {
            _sink.Certificate = certificate;
            var refused = await Should.ThrowAsync<SmtpSessionException>(
                () => SendAsync(Mail("x\r\n"), "x\r\n", Route() with { Tls = SmtpTlsUse.Verified, Authorities = authority.Trust }));
            refused.Reason.ShouldBe(SmtpSessionFailure.Tls);
        }

        _sink.Messages.ShouldBeEmpty();
        _sink.Certificate = foreign;
        await SendAsync(Mail("x\r\n"), "x\r\n", Route() with { Tls = SmtpTlsUse.Required });
        _sink.Messages.ShouldHaveSingleItem().IsProtected.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_slipped_in_behind_STARTTLS_is_not_believed()
    {
        using var authority = new TestAuthority();
        var certificate = ForServer(authority.Issue([], [IPAddress.Loopback]));
        (_sink.Certificate, _sink.Injected) = (certificate, "250 2.0.0 injected");
        var refused = await Should.ThrowAsync<SmtpSessionException>(() => SendAsync(Mail("x\r\n"), "x\r\n", Route() with { Tls = SmtpTlsUse.Required }));
        refused.Reason.ShouldBe(SmtpSessionFailure.Tls);
    }

    [Fact]
    public async Task Opportunistic_takes_TLS_when_it_is_offered_and_goes_in_clear_when_it_fails()
    {
        await SendAsync(Mail("x\r\n"), "x\r\n", Route() with { Tls = SmtpTlsUse.Opportunistic });
        _sink.Answer = static c => c == "STARTTLS" ? "454 4.7.0 not now" : null;
        using var authority = new TestAuthority();
        var certificate = ForServer(authority.Issue(["x"]));
        _sink.Certificate = certificate;
        await SendAsync(Mail("x\r\n"), "x\r\n", Route() with { Tls = SmtpTlsUse.Opportunistic });
        _sink.Answer = static _ => null;
        await SendAsync(Mail("x\r\n"), "x\r\n", Route() with { Tls = SmtpTlsUse.Opportunistic });
        _sink.Messages.Select(static m => m.IsProtected).ShouldBe([false, false, true]);
    }

    [Theory]
    [InlineData("(greeting)", "554 5.3.2 closed", SmtpSessionFailure.Refused)]
    [InlineData("(greeting)", "HTTP/1.1 400 Bad Request", SmtpSessionFailure.Malformed)]
    [InlineData("MAIL FROM", "", SmtpSessionFailure.Closed)]
    public async Task A_session_that_breaks_says_why(string command, string answer, SmtpSessionFailure reason)
    {
        _sink.Answer = c => c.StartsWith(command, StringComparison.Ordinal) ? answer : null;
        (await Should.ThrowAsync<SmtpSessionException>(() => SendAsync("x\r\n", "a@example.com"))).Reason.ShouldBe(reason);
    }

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync();
        _certificates.ForEach(static certificate => certificate.Dispose());
    }

    /// <summary>It lives until the sink is gone: a handshake may still be under way there when the client has seen enough.</summary>
    private X509Certificate2 ForServer(X509Certificate2 certificate)
    {
        var loaded = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
        _certificates.Add(loaded);
        return loaded;
    }

    private static OutgoingMail Mail(string content, params string[] to) => new()
    {
        Sender = "me@example.org", Recipients = [.. (to.Length == 0 ? ["a@example.com"] : to).Select(static a => new OutboundRecipient(a))], Size = content.Length,
    };

    private SmtpRoute Route() => new() { Host = "127.0.0.1", Port = _sink.Port, Tls = SmtpTlsUse.None };

    private Task<IReadOnlyList<SmtpOutcome>> SendAsync(string content, params string[] to) => SendAsync(Mail(content, to), content, Route());

    private static async Task<IReadOnlyList<SmtpOutcome>> SendAsync(OutgoingMail mail, string content, SmtpRoute route)
    {
        await using var session = await SmtpClientSession.OpenAsync(route, "um.example.org", TimeProvider.System, TestContext.Current.CancellationToken);
        var outcomes = await session.SendAsync(mail, new MemoryStream(Encoding.UTF8.GetBytes(content)), TestContext.Current.CancellationToken);
        await session.QuitAsync(TestContext.Current.CancellationToken);
        return outcomes;
    }
}
