using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Postbell.Server.Commands;

namespace Postbell.Server.Hosting;

/// <summary>The authorities that issue the certificates of peers, in a PEM file that may be replaced while the server runs.</summary>
internal sealed partial class WatchedAuthorities
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private FileStamp _stamp;
    private long _lookedAt;
    private X509Certificate2Collection _current;

    /// <summary>Reads the file for the first time.</summary>
    /// <exception cref="CommandFailedException">It is absent, unreadable, or holds no certificate.</exception>
    public WatchedAuthorities(string path, TimeProvider time, ILogger log)
    {
        (_path, _time, _log) = (path, time, log);
        _stamp = FileStamp.Of(path);
        _lookedAt = time.GetTimestamp();
        _current = Read();
    }

    /// <summary>The authorities of this moment. While the file cannot be read, the last good ones.</summary>
    public X509Certificate2Collection Current
    {
        get
        {
            lock (_gate)
            {
                LookAgain();
                return _current;
            }
        }
    }

    /// <summary>When the first of them runs out.</summary>
    public DateTimeOffset ExpiresAt => Current.Min(c => new DateTimeOffset(c.NotAfter));

    private void LookAgain()
    {
        if (_time.GetElapsedTime(_lookedAt) < s_lookEvery)
        {
            return;
        }

        _lookedAt = _time.GetTimestamp();
        var stamp = FileStamp.Of(_path);
        if (stamp == _stamp)
        {
            return;
        }

        try
        {
            _current = Read();
            _stamp = stamp;
            LogReplaced(_path, _current.Count);
        }
        catch (CommandFailedException fault)
        {
            LogUnreadable(fault.Message);
        }
    }

    private X509Certificate2Collection Read()
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(_path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException($"cannot load the authorities {_path}: {fault.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new CommandFailedException($"cannot load the authorities {_path}: no certificate in it");
    }

    [LoggerMessage(1, LogLevel.Information, "The authorities {File} were replaced; there are {Count} now")]
    private partial void LogReplaced(string file, int count);

    [LoggerMessage(2, LogLevel.Warning, "The authorities stay as they were: {Reason}")]
    private partial void LogUnreadable(string reason);
}
