namespace Postbell.Speech;

/// <summary>Something was not spoken.</summary>
public sealed class SpeechException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SpeechException(SpeechFailure failure, string detail, Exception? inner = null)
        : base(detail.Length == 0 ? failure.ToString() : $"{failure}: {detail}", inner)
    {
        Failure = failure;
        Detail = detail;
    }

    /// <summary>Why.</summary>
    public SpeechFailure Failure { get; }

    /// <summary>What exactly, for the log.</summary>
    public string Detail { get; }
}
