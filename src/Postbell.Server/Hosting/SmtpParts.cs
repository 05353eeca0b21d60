using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Postbell.Mailbox;
using Postbell.Server.Configuration;
using Postbell.SignIn;
using Postbell.Smtp;

namespace Postbell.Server.Hosting;

/// <summary>The doors that take mail.</summary>
internal sealed class SmtpParts
{
    private readonly ServerConfiguration _configuration;
    private readonly SmtpConnectionHandler _handler;

    /// <summary>Builds the doors; nothing listens yet.</summary>
    public SmtpParts(
        ServerConfiguration configuration, DataLayout layout, Certificates certificates, MailStore store, AccountPeople people, IOutboundQueue? outbound, SignInDesk desk,
        TimeProvider time, ILoggerFactory log)
    {
        _configuration = configuration;
        var doors = configuration.Smtp ?? new SmtpDoors();
        var options = new SmtpOptions
        {
            HostName = configuration.MailDomain,
            ReportAddress = $"postbell@{configuration.MailDomain}",
            RequiresOwnFrom = account => PolicyQuota.PolicyOf(configuration.Organization, account)?.RequireOwnFrom ?? true,
            IncomingDirectory = layout.Incoming,
            Certificate = () => certificates.Mail.Current.TargetCertificate,
            // Without TLS passwords are taken on the demo's loopback door only.
            AllowPlaintextLogin = configuration.Demo,
            TrustedPeers = doors.TrustedPeers,
            Limits = new SmtpLimits { MessageBytes = doors.MaxMessageMegabytes << 20 },
        };
        _handler = new SmtpConnectionHandler(store, () => people.Addresses, outbound, options, Statistics, desk, time, log);
    }

    /// <summary>What happens at the doors.</summary>
    public SmtpStatistics Statistics { get; } = new();

    /// <summary>Opens the configured doors.</summary>
    public void Listen(KestrelServerOptions kestrel)
    {
        if (_configuration.Smtp is not { } doors)
        {
            return;
        }

        foreach (var end in doors.Lmtp)
        {
            kestrel.Listen(end, listen => listen.Run(connection => _handler.ServeAsync(connection, SmtpDoor.Lmtp)));
        }

        if (doors.LmtpSocket is { } socket)
        {
            // What a former life left there; the name would be taken.
            File.Delete(socket);
            kestrel.ListenUnixSocket(socket, listen => listen.Run(connection => _handler.ServeAsync(connection, SmtpDoor.Lmtp)));
        }

        foreach (var end in doors.Intake)
        {
            kestrel.Listen(end, listen => listen.Run(connection => _handler.ServeAsync(connection, SmtpDoor.Intake)));
        }

        foreach (var end in doors.Submission)
        {
            kestrel.Listen(end, listen => listen.Run(connection => _handler.ServeAsync(connection, SmtpDoor.Submission)));
        }

        foreach (var end in doors.SubmissionTls)
        {
            kestrel.Listen(end, listen => listen.Run(_handler.ServeTlsAsync));
        }
    }

    /// <summary>Lets the group of the server's user deliver through the socket, nobody else.</summary>
    public void ProtectSocket()
    {
        if (_configuration.Smtp?.LmtpSocket is { } socket && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        }
    }
}
