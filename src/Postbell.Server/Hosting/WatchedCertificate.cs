using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Postbell.Server.Commands;

namespace Postbell.Server.Hosting;

/// <summary>
/// A certificate in PEM files that may be replaced while the server runs. Whoever begins a handshake gets what the files hold then; files that are looked
/// at more than a second later than the last time and have changed are read again. While they cannot be read, the last good certificate stays.
/// </summary>
internal sealed partial class WatchedCertificate
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_warnBefore = TimeSpan.FromDays(30);

    private readonly string _certificatePath;
    private readonly string? _keyPath;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private FileStamp _stamp;
    private long _lookedAt;
    private volatile SslStreamCertificateContext _current;

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="CommandFailedException">A file is absent, unreadable, or the two do not belong together.</exception>
    public WatchedCertificate(string certificatePath, string? keyPath, TimeProvider time, ILogger log)
    {
        (_certificatePath, _keyPath, _time, _log) = (certificatePath, keyPath, time, log);
        _stamp = FileStamp.Of(certificatePath, keyPath);
        _lookedAt = time.GetTimestamp();
        _current = Read();
    }

    /// <summary>The certificate of this moment with those above it.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            LookAgain();
            return _current;
        }
    }

    /// <summary>When it runs out.</summary>
    public DateTimeOffset ExpiresAt => new(Current.TargetCertificate.NotAfter);

    private void LookAgain()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_lookedAt) < s_lookEvery)
            {
                return;
            }

            _lookedAt = _time.GetTimestamp();
            var stamp = FileStamp.Of(_certificatePath, _keyPath);
            if (stamp == _stamp)
            {
                return;
            }

            try
            {
                _current = Read();
                _stamp = stamp;
                LogReplaced(_certificatePath, _current.TargetCertificate.NotAfter.ToUniversalTime());
            }
            catch (CommandFailedException fault)
            {
                // Certificate and key are two files: between the writing of one and of the other they do not fit. The next look may find them whole.
                LogUnreadable(fault.Message);
            }
        }
    }

    private SslStreamCertificateContext Read()
    {
        var certificate = ServerCertificate.Load(_certificatePath, _keyPath);
        var left = certificate.NotAfter.ToUniversalTime() - _time.GetUtcNow().UtcDateTime;
        if (left < s_warnBefore)
        {
            LogExpiring(_certificatePath, Math.Round(left.TotalDays, 1));
        }

        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(_certificatePath);
        var above = new X509Certificate2Collection(all.Where(c => c.Thumbprint != certificate.Thumbprint).ToArray());
        return SslStreamCertificateContext.Create(certificate, above, offline: true);
    }

    [LoggerMessage(1, LogLevel.Information, "The certificate {File} was replaced; the new one is good until {ExpiresAt:u}")]
    private partial void LogReplaced(string file, DateTime expiresAt);

    [LoggerMessage(2, LogLevel.Warning, "The certificate stays as it was: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(3, LogLevel.Warning, "The certificate {File} runs out in {Days} days")]
    private partial void LogExpiring(string file, double days);
}
