using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Server.Commands;
using Postbell.Server.Hosting;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

/// <summary>Certificates that are replaced while the server runs.</summary>
public sealed class WatchedCertificateTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public void A_replaced_file_counts_from_the_next_handshake_a_second_later()
    {
        Write("CN=first");
        var watched = new WatchedCertificate(_folder.File("tls.pem"), null, _time, NullLogger.Instance);

        Write("CN=second, O=longer");
        watched.Current.TargetCertificate.Subject.ShouldBe("CN=first");
        _time.Advance(TimeSpan.FromSeconds(2));

        watched.Current.TargetCertificate.Subject.ShouldBe("CN=second, O=longer");
        watched.Current.TargetCertificate.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public void A_file_that_is_half_written_leaves_the_old_certificate_until_it_is_whole()
    {
        Write("CN=first");
        var watched = new WatchedCertificate(_folder.File("tls.pem"), null, _time, NullLogger.Instance);

        File.WriteAllText(_folder.File("tls.pem"), "-----BEGIN CERTIFICATE-----\nMIIB");
        _time.Advance(TimeSpan.FromSeconds(2));
        watched.Current.TargetCertificate.Subject.ShouldBe("CN=first");
        Write("CN=second");
        _time.Advance(TimeSpan.FromSeconds(2));

        watched.Current.TargetCertificate.Subject.ShouldBe("CN=second");
    }

    [Fact]
    public void Authorities_are_replaced_the_same_way_and_an_empty_file_is_refused()
    {
        using var other = new TestAuthority("Another");
        File.WriteAllText(_folder.File("ca.pem"), _authority.Pem);
        var watched = new WatchedAuthorities(_folder.File("ca.pem"), _time, NullLogger.Instance);
        watched.Current.Single().Subject.ShouldBe(_authority.Certificate.Subject);

        File.WriteAllText(_folder.File("ca.pem"), _authority.Pem + other.Pem);
        _time.Advance(TimeSpan.FromSeconds(2));
        watched.Current.Count.ShouldBe(2);
        File.WriteAllText(_folder.File("ca.pem"), "nothing");
        _time.Advance(TimeSpan.FromSeconds(2));
        watched.Current.Count.ShouldBe(2);

        Should.Throw<CommandFailedException>(() => new WatchedAuthorities(_folder.File("ca.pem"), _time, NullLogger.Instance)).Message.ShouldContain("no certificate in it");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private void Write(string subject)
    {
        using var certificate = _authority.Issue(["vm.example.com"], subject: subject);
        File.WriteAllText(_folder.File("tls.pem"), TestAuthority.PemOf(certificate));
    }
}
