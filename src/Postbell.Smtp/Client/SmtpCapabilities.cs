using System.Globalization;

namespace Postbell.Smtp.Client;

/// <summary>What a server said it can do in its answer to EHLO.</summary>
public sealed record SmtpCapabilities
{
    /// <summary>Nothing: a server that knows only HELO.</summary>
    public static SmtpCapabilities None { get; } = new();

    /// <summary>STARTTLS (RFC 3207).</summary>
    public bool StartTls { get; init; }

    /// <summary>PIPELINING (RFC 2920).</summary>
    public bool Pipelining { get; init; }

    /// <summary>8BITMIME (RFC 6152).</summary>
    public bool EightBit { get; init; }

    /// <summary>SMTPUTF8 (RFC 6531).</summary>
    public bool Utf8 { get; init; }

    /// <summary>DSN (RFC 3461).</summary>
    public bool Dsn { get; init; }

    /// <summary>CHUNKING (RFC 3030).</summary>
    public bool Chunking { get; init; }

    /// <summary>SIZE (RFC 1870) is known.</summary>
    public bool Size { get; init; }

    /// <summary>Largest message in bytes; 0 when the server named no limit.</summary>
    public long MaxSize { get; init; }

    /// <summary>AUTH mechanisms (RFC 4954), upper case.</summary>
    public IReadOnlyList<string> Mechanisms { get; init; } = [];

    /// <summary>Reads the answer to EHLO; its first line is the greeting. What is not known is passed over.</summary>
    public static SmtpCapabilities Read(SmtpReply reply)
    {
        var so = None;
        foreach (var line in reply.Lines.Skip(1))
        {
            var words = line.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            so = words is [] ? so : Add(so, words);
        }

        return so;
    }

    private static SmtpCapabilities Add(SmtpCapabilities so, string[] words) => words[0] switch
    {
        "STARTTLS" => so with { StartTls = true },
        "PIPELINING" => so with { Pipelining = true },
        "8BITMIME" => so with { EightBit = true },
        "SMTPUTF8" => so with { Utf8 = true },
        "DSN" => so with { Dsn = true },
        "CHUNKING" => so with { Chunking = true },
        "SIZE" => so with
        {
            Size = true,
            MaxSize = words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0,
        },
        "AUTH" => so with { Mechanisms = words[1..] },
        _ => so,
    };
}
