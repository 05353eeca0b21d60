namespace Postbell.Imap.Protocol;

/// <summary>How messages are put into threads (RFC 5256 section 3).</summary>
internal enum ThreadAlgorithm
{
    OrderedSubject,
    References,
}

/// <summary>The arguments of THREAD and UID THREAD (RFC 5256 section 3).</summary>
internal sealed record ThreadRequest(ThreadAlgorithm Algorithm, SearchProgram Program)
{
    public static bool TryParse(ref CommandReader reader, out ThreadRequest request)
    {
        request = null!;
        if (!reader.Space() || !TryAlgorithm(ref reader, out var algorithm) || !reader.Space()
            || !SearchCharset.TryParse(ref reader, out var charset) || !reader.Space()
            || !SearchProgram.TryParse(ref reader, charset, out var program))
        {
            return false;
        }

        request = new ThreadRequest(algorithm, program);
        return true;
    }

    private static bool TryAlgorithm(ref CommandReader reader, out ThreadAlgorithm algorithm)
    {
        algorithm = ThreadAlgorithm.References;
        if (reader.TakeWord("REFERENCES"u8))
        {
            return true;
        }

        algorithm = ThreadAlgorithm.OrderedSubject;
        return reader.TakeWord("ORDEREDSUBJECT"u8) || reader.Fail(reader.AtEnd ? ParseFailure.UnexpectedEnd : ParseFailure.ThreadAlgorithmUnknown);
    }
}
