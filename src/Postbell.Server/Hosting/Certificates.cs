using Postbell.Server.Configuration;
using Postbell.Sip;

namespace Postbell.Server.Hosting;

/// <summary>Every certificate of the server, each read anew when its file changes.</summary>
internal sealed class Certificates
{
    private readonly ServerConfiguration _configuration;

    /// <summary>Reads them all; a certificate that is not configured is the data folder's own.</summary>
    /// <exception cref="Commands.CommandFailedException">One cannot be read.</exception>
    public Certificates(ServerConfiguration configuration, DataLayout layout, TimeProvider time, ILogger log)
    {
        _configuration = configuration;
        if (configuration.CertificatePath is null)
        {
            ServerCertificate.ReadOrCreate(layout, time).Dispose();
        }

        Mail = new WatchedCertificate(configuration.CertificatePath ?? layout.OwnCertificate, configuration.CertificateKeyPath, time, log);
        Sip = configuration.SipTls?.CertificatePath is { } own ? new WatchedCertificate(own, configuration.SipTls.CertificateKeyPath, time, log) : Mail;
        SipAuthorities = configuration.SipTls?.ClientCaPath is { } authorities ? new WatchedAuthorities(authorities, time, log) : null;
    }

    /// <summary>Of the mail clients' door.</summary>
    public WatchedCertificate Mail { get; }

    /// <summary>Of SIP over TLS.</summary>
    public WatchedCertificate Sip { get; }

    /// <summary>Who issues the certificates of gateways; null when they need none.</summary>
    public WatchedAuthorities? SipAuthorities { get; }

    /// <summary>What SIP needs for TLS; null when no door has it.</summary>
    public SipTlsOptions? SipOptions()
    {
        if (_configuration.SipTls is null && _configuration.SipWebSocket is not { ListenTls.Count: > 0 })
        {
            return null;
        }

        var door = _configuration.SipTls ?? new SipTlsDoor();
        return new SipTlsOptions
        {
            Certificate = () => Sip.Current,
            Authorities = SipAuthorities is { } authorities ? () => authorities.Current : null,
            HandshakeTimeout = door.HandshakeTimeout,
            MaxHandshakesPerAddress = door.MaxHandshakesPerAddress,
        };
    }
}
