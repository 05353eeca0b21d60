using System.Text;

namespace Postbell.SignIn.Sasl;

/// <summary>One exchange of one mechanism (RFC 4422): bytes of the client in, bytes of the server out, until it is decided.</summary>
internal abstract class SaslExchange
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What the server says when the client has said nothing yet.</summary>
    public virtual byte[] Opening => [];

    /// <summary>The name the client gave.</summary>
    public string UserName { get; protected set; } = "";

    /// <summary>Takes an answer of the client.</summary>
    public abstract Task<SaslStep> NextAsync(ReadOnlyMemory<byte> answer, CancellationToken ct);

    /// <summary>Text of bytes; null when they are no UTF-8.</summary>
    protected static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>What follows from an answer: another challenge, the end, or that it was none.</summary>
/// <param name="Challenge">What the server says next; null at the end.</param>
/// <param name="Outcome">The end; null while it goes on, and when the answer was malformed.</param>
internal readonly record struct SaslStep(byte[]? Challenge, SignInOutcome? Outcome)
{
    public static SaslStep Malformed => default;

    public static SaslStep Ask(byte[] challenge) => new(challenge, null);

    public static SaslStep End(SignInOutcome outcome) => new(null, outcome);
}
