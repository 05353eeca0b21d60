namespace Postbell.Smtp.Session;

/// <summary>How long a client may still be silent within a message: neither at once for long, nor altogether.</summary>
internal readonly struct Deadline(TimeProvider time, SmtpOptions options)
{
    private readonly long _startedAt = time.GetTimestamp();

    public TimeSpan Left
    {
        get
        {
            var whole = options.MessageTimeout - time.GetElapsedTime(_startedAt);
            return whole < options.DataTimeout ? whole : options.DataTimeout;
        }
    }
}
