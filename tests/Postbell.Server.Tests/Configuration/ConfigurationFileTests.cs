using Postbell.Sip.Tracing;
using System.Net;
using Postbell.Core;
using Postbell.Server.Commands;
using Postbell.Server.Configuration;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    private const string Whole = """
        data: var/postbell
        mailDomain: example.com
        logLevel: Debug
        drainTime: 2 min
        tls:
          certificate: certs/mail.pem
          key: certs/mail.key
        sip:
          listen: [0.0.0.0:5060, "[::]:5060"]
          advertisedHost: um.example.com
          maxCalls: 250
          maxOutboundCalls: 7
        media:
          firstPort: 30000
          lastPort: 30999
          threads: 2
        imap:
          listen: 0.0.0.0
          listenTls: 0.0.0.0:10993
        web:
          listen: []
        organization:
          dialPlans:
            - name: Main
              numberOfDigitsInExtension: 4
          gateways:
            - name: PBX
              address: 192.0.2.10
          huntGroups:
            - name: Pilot
              gateway: PBX
              dialPlan: Main
        """;

    [Fact]
    public void A_whole_file_is_read_with_paths_relative_to_its_folder()
    {
        var (configuration, errors) = ConfigurationFile.Read(Whole, "postbell.yaml", "/etc/postbell");
        errors.ShouldBeEmpty();
        configuration!.DataDirectory.ShouldBe("/etc/postbell/var/postbell");
        configuration.CertificatePath.ShouldBe("/etc/postbell/certs/mail.pem");
        configuration.CertificateKeyPath.ShouldBe("/etc/postbell/certs/mail.key");
        configuration.Sip.ShouldBe([new IPEndPoint(IPAddress.Any, 5060), new IPEndPoint(IPAddress.IPv6Any, 5060)]);
        configuration.AdvertisedHost.ShouldBe("um.example.com");
        configuration.MaxCalls.ShouldBe(250);
        configuration.MaxOutboundCalls.ShouldBe(7);
        (configuration.FirstRtpPort, configuration.LastRtpPort, configuration.MediaThreads).ShouldBe((30000, 30999, 2));
        configuration.Imap.ShouldBe([new IPEndPoint(IPAddress.Any, 143)]);
        configuration.ImapTls.ShouldBe([new IPEndPoint(IPAddress.Any, 10993)]);
        configuration.Web.ShouldBeEmpty();
        configuration.DrainTime.ShouldBe(TimeSpan.FromMinutes(2));
        configuration.Organization.DialPlans.Single().Name.ShouldBe("Main");
        configuration.Demo.ShouldBeFalse();
    }

    [Fact]
    public void SIP_over_TLS_is_read_and_either_door_can_stay_closed()
    {
        using var folder = new TemporaryDirectory();
        foreach (var name in new[] { "sip.pem", "sip.key", "ca.pem" })
        {
            File.WriteAllText(folder.File(name), "");
        }

        const string Tls = "  tls:\n    listen: 192.0.2.1\n    certificate: sip.pem\n    key: sip.key\n    clientCa: ca.pem\n    handshakeTimeout: 3 s\n";
        var yaml = Whole.Replace("  listen: [0.0.0.0:5060, \"[::]:5060\"]\n", "  listen: []\n" + Tls, StringComparison.Ordinal)
            .Replace("address: 192.0.2.10", "address: gw.example.com\n      messageWaitingIndicatorAllowed: false", StringComparison.Ordinal)
            .Replace("- name: Main\n", "- name: Main\n      voipSecurity: SIPSecured\n", StringComparison.Ordinal);

        var (configuration, errors) = ConfigurationFile.Read(yaml, "postbell.yaml", folder);

        errors.ShouldBeEmpty();
        configuration!.Sip.ShouldBeEmpty();
        var door = configuration.SipTls!;
        door.Listen.ShouldBe([IPEndPoint.Parse("192.0.2.1:5061")]);
        (door.CertificatePath, door.CertificateKeyPath, door.ClientCaPath).ShouldBe((folder.File("sip.pem"), folder.File("sip.key"), folder.File("ca.pem")));
        door.HandshakeTimeout.ShouldBe(TimeSpan.FromSeconds(3));
        ConfigurationFile.Read(Whole, "postbell.yaml", folder).Configuration!.SipTls.ShouldBeNull();
    }

    [Theory]
    [InlineData("    clientCa: nowhere.pem\n", 10, "sip.tls.clientCa names ")]
    [InlineData("    key: nowhere.key\n", 10, "which is not there")]
    [InlineData("    clientCA: x\n", 10, "unknown key \"clientCA\"")]
    [InlineData("    handshakeTimeout: 1 h\n", 10, "must be from 1 s to 1 min")]
    [InlineData("    listen: here\n", 10, "for instance 0.0.0.0:5061")]
    public void Mistakes_in_the_TLS_section_have_their_lines(string line, int at, string message)
    {
        var (configuration, errors) = ConfigurationFile.Read(Whole.Replace("sip:\n", "sip:\n  tls:\n" + line, StringComparison.Ordinal), "postbell.yaml", "/etc");
        configuration.ShouldBeNull();
        errors[0].Line.ShouldBe(at);
        errors.ShouldContain(e => e.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_WebSocket_section_opens_the_encrypted_door_unless_it_says_otherwise()
    {
        const string Section = "sip:\n  webSocket:\n    allowedOrigins: [https://phone.example.com, \"http://localhost:8088\"]\n    pingInterval: 20 s\n";
        var (configuration, errors) = ConfigurationFile.Read(Whole.Replace("sip:\n", Section, StringComparison.Ordinal), "postbell.yaml", "/etc");
        errors.ShouldBeEmpty();
        var door = configuration!.SipWebSocket!;
        (door.Listen.Count, door.ListenTls.Single().ToString()).ShouldBe((0, "0.0.0.0:7443"));
        door.AllowedOrigins.ShouldBe(["https://phone.example.com", "http://localhost:8088"]);
        door.PingInterval.ShouldBe(TimeSpan.FromSeconds(20));

        var plain = ConfigurationFile.Read(Whole.Replace("sip:\n", "sip:\n  webSocket: {listen: 127.0.0.1, listenTls: []}\n", StringComparison.Ordinal), "postbell.yaml", "/etc");
        plain.Configuration!.SipWebSocket!.Listen.Single().ToString().ShouldBe("127.0.0.1:5066");
        plain.Configuration.SipWebSocket.ListenTls.ShouldBeEmpty();
        ConfigurationFile.Read(Whole, "postbell.yaml", "/etc").Configuration!.SipWebSocket.ShouldBeNull();
    }

    [Theory]
    [InlineData("https://phone.example.com/")]
    [InlineData("https://phone.example.com:443")]
    [InlineData("phone.example.com")]
    [InlineData("'*'")]
    public void An_origin_that_no_browser_would_say_is_a_mistake(string origin)
    {
        var yaml = Whole.Replace("sip:\n", $"sip:\n  webSocket:\n    allowedOrigins: [\"{origin}\"]\n", StringComparison.Ordinal);
        ConfigurationFile.Read(yaml, "postbell.yaml", "/etc").Errors.ShouldHaveSingleItem().Message.ShouldContain("allowedOrigins must have origins such as");
    }

    [Theory]
    [InlineData("0 s", 0)]
    [InlineData("5 s", 5)]
    [InlineData("1 s", null)]
    [InlineData("2 h", null)]
    public void Gateways_are_asked_seldom_or_never(string interval, int? seconds)
    {
        var (configuration, errors) = ConfigurationFile.Read(Whole.Replace("sip:\n", $"sip:\n  gatewayProbeInterval: {interval}\n", StringComparison.Ordinal), "postbell.yaml", "/etc");
        configuration?.GatewayProbeInterval.TotalSeconds.ShouldBe(seconds!.Value);
        (errors.Count > 0).ShouldBe(seconds is null);
    }

    [Fact]
    public void Tracing_and_its_collector_are_read()
    {
        const string Lines = "  trace:\n    memoryMegabytes: 64\n    keepFor: 2 h\n    failedCalls: 5\n  homer:\n    address: \"[2001:db8::20]:9060\"\n    captureId: 2001\n    password: geheim\n";
        var tracing = ConfigurationFile.Read(Whole.Replace("sip:\n", "sip:\n" + Lines, StringComparison.Ordinal), "postbell.yaml", "/etc").Configuration!.SipTracing;
        (tracing.MemoryMegabytes, tracing.KeepFor, tracing.FailedCalls).ShouldBe((64, TimeSpan.FromHours(2), 5));
        tracing.Homer.ShouldBe(new HepOptions { Collector = IPEndPoint.Parse("[2001:db8::20]:9060"), CaptureId = 2001, Password = "geheim" });
        ConfigurationFile.Read(Whole, "postbell.yaml", "/etc").Configuration!.SipTracing.ShouldBe(new SipTracing());
    }

    [Theory]
    [InlineData("  trace:\n    memoryMegabytes: -1\n", "sip.trace.memoryMegabytes must be")]
    [InlineData("  homer:\n    captureId: 1\n", "sip.homer.address is missing")]
    [InlineData("  homer:\n    address: homer.example.com:9060\n", "sip.homer.address must be an IP address and a port, for instance 192.0.2.20:9060, not \"homer.example.com:9060\"")]
    [InlineData("  trace:\n    memoryMegabytes: 0\n  homer:\n    address: 192.0.2.20:9060\n", "sip.homer: needs trace.memoryMegabytes above 0")]
    public void Mistakes_about_tracing_are_told(string lines, string message)
    {
        var (configuration, errors) = ConfigurationFile.Read(Whole.Replace("sip:\n", "sip:\n" + lines, StringComparison.Ordinal), "postbell.yaml", "/etc");
        configuration.ShouldBeNull();
        errors.ShouldContain(e => e.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_gateway_with_a_host_name_needs_authorities()
    {
        var yaml = Whole.Replace("address: 192.0.2.10", "address: gw.example.com\n      messageWaitingIndicatorAllowed: false", StringComparison.Ordinal)
            .Replace("- name: Main\n", "- name: Main\n      voipSecurity: Any\n", StringComparison.Ordinal);
        var error = ConfigurationFile.Read(yaml, "postbell.yaml", "/etc").Errors.ShouldHaveSingleItem();
        error.Message.ShouldBe("sip needs tls.clientCa: gateway \"PBX\" has a host name and transport Tls, and only a certificate proves who a gateway is");
    }

    [Fact]
    public void Mistakes_come_with_their_lines_all_at_once()
    {
        var (configuration, errors) = ConfigurationFile.Read(
            Whole.Replace("firstPort: 30000", "firstPort: 30001", StringComparison.Ordinal)
                .Replace("listen: 0.0.0.0\n", "listen: everywhere\n", StringComparison.Ordinal)
                .Replace("drainTime: 2 min", "drainTime: soon", StringComparison.Ordinal),
            "postbell.yaml",
            "/etc");
        configuration.ShouldBeNull();
        errors.Select(e => e.Line).ShouldBe([4, 14, 18]);
        errors[1].ToString().ShouldBe("postbell.yaml:14:14: media.firstPort must be even: RTP has the even ports, RTCP the odd ones");
    }

    [Theory]
    [InlineData("color: red\n", 1)]
    [InlineData("sip:\n  lisen: 0.0.0.0:5060\n", 2)]
    [InlineData("sip:\n  maxCalls: 10\norganization:\n  gatways: []\n", 4)]
    public void Unknown_keys_are_errors_at_their_line(string text, int line)
    {
        var (configuration, errors) = ConfigurationFile.Read(text, "postbell.yaml", "/etc");
        configuration.ShouldBeNull();
        errors.ShouldContain(e => e.Line == line && e.Message.Contains("unknown key", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_without_organization_or_data_says_what_is_missing()
    {
        var (_, errors) = ConfigurationFile.Read("mailDomain: example.com\n", "postbell.yaml", "/etc");
        errors.ShouldContain(e => e.Message.StartsWith("data is missing", StringComparison.Ordinal));
        errors.ShouldContain(e => e.Message.Contains("organization is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_prints_each_mistake_on_a_line_and_starts_nothing()
    {
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(folder.File("postbell.yaml"), "data: data\nsip:\n  maxCalls: none\n");
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync(["serve", "--config", folder.File("postbell.yaml")], new Terminal(TextReader.Null, TextWriter.Null, errors));
        code.ShouldBe(2);
        errors.ToString().ShouldContain("postbell.yaml:3:13: sip.maxCalls must be a whole number");
        System.IO.Directory.Exists(folder.File("data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Check_reads_a_good_file_and_starts_nothing()
    {
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(folder.File("postbell.yaml"), Whole);
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(["serve", "--config", folder.File("postbell.yaml"), "--check"], new Terminal(TextReader.Null, output, TextWriter.Null));
        code.ShouldBe(0);
        output.ToString().ShouldContain("is good");
    }

    [Theory]
    [InlineData("[g722, pcma]", 0)]
    [InlineData("[g722, opus]", 1)]
    [InlineData("[g729, pcmu]", 1)]
    public void Codecs_have_an_order_and_G711_among_them(string codecs, int errors)
    {
        var text = Whole.Replace("threads: 2", $"threads: 2\n  codecs: {codecs}\n  preferOwnCodecs: true\n  silenceSuppression: true", StringComparison.Ordinal);
        var (configuration, found) = ConfigurationFile.Read(text, "postbell.yaml", "/etc");
        found.Count().ShouldBe(errors);
        if (errors == 0)
        {
            configuration!.Codecs.ShouldBe([VoiceCodec.G722, VoiceCodec.Pcma]);
            configuration.PreferOwnCodecs.ShouldBeTrue();
            configuration.SilenceSuppression.ShouldBeTrue();
        }
    }

    [Fact]
    public void The_example_file_is_good_and_says_the_defaults()
    {
        var path = Path.Combine(RepositoryRoot(), "deploy/postbell.yaml");
        var (configuration, errors) = ConfigurationFile.Read(File.ReadAllText(path), path, "/etc");
        errors.ShouldBeEmpty();
        var plain = new ServerConfiguration { DataDirectory = "/var/lib/postbell", Organization = configuration!.Organization, MailDomain = "example.com" };
        configuration.Sip.ShouldBe(plain.Sip);
        configuration.Imap.ShouldBe(plain.Imap);
        configuration.ImapTls.ShouldBe(plain.ImapTls);
        configuration.Web.ShouldBe(plain.Web);
        configuration.Codecs.ShouldBe(plain.Codecs);
        (configuration with { Sip = plain.Sip, Imap = plain.Imap, ImapTls = plain.ImapTls, Web = plain.Web, Codecs = plain.Codecs, Smtp = null }).ShouldBe(plain);
        configuration.Smtp!.Submission.Single().Port.ShouldBe(587);
        configuration.Smtp.SubmissionTls.Single().Port.ShouldBe(465);
        configuration.Smtp.Lmtp.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 20000)]
    [InlineData(7, 20008)]
    [InlineData(100, 20100)]
    public void The_demo_moves_every_port_by_the_offset_and_begins_media_at_an_even_one(int offset, int firstRtp)
    {
        var demo = DemoConfiguration.Create("data", offset);
        demo.Sip.Single().ShouldBe(new IPEndPoint(IPAddress.Loopback, 5060 + offset));
        demo.Imap.Single().Port.ShouldBe(1143 + offset);
        demo.ImapTls.Single().Port.ShouldBe(1993 + offset);
        demo.Web.Single().Port.ShouldBe(8080 + offset);
        demo.FirstRtpPort.ShouldBe(firstRtp);
    }

    [Fact]
    public void The_demo_listens_on_loopback_alone()
    {
        var demo = DemoConfiguration.Create("data", 0);
        demo.Sip.Concat(demo.Imap).Concat(demo.ImapTls).Concat(demo.Web).ShouldAllBe(end => IPAddress.IsLoopback(end.Address));
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Postbell.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
