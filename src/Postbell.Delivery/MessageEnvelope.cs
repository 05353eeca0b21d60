using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Media.Shaping;

namespace Postbell.Delivery;

/// <summary>
/// Everything about a message that is not its audio. It is written to disk when the recording begins, so that an interrupted recording can be
/// delivered too, and again when it ends. Texts of the caller are untrusted and kept as they came; whoever shows them cleans them.
/// </summary>
public sealed record MessageEnvelope
{
    /// <summary>Less speech than this makes no message: a cough, a click of the line.</summary>
    public static readonly TimeSpan MinimumSpeech = TimeSpan.FromMilliseconds(400);

    /// <summary>Most characters of a text message.</summary>
    public const int LongestText = 32_768;

    /// <summary>The call; also the key that keeps the message from being delivered twice.</summary>
    public required TraceId Id { get; init; }

    /// <summary><see cref="MessageKind.Voice"/>, <see cref="MessageKind.MissedCall"/> or <see cref="MessageKind.Text"/>.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>Mailbox it goes to.</summary>
    public required long AccountId { get; init; }

    /// <summary>Display name of the person called.</summary>
    public required string RecipientName { get; init; }

    /// <summary>E-mail address of the person called.</summary>
    public required string RecipientAddress { get; init; }

    /// <summary>Number of the caller; null when withheld or unknown.</summary>
    public string? CallerNumber { get; init; }

    /// <summary>Name of the caller from directory or network; null when unknown.</summary>
    public string? CallerName { get; init; }

    /// <summary>E-mail address of the caller when the directory knows who it is; replies go there. Null for everybody else.</summary>
    public string? CallerAddress { get; init; }

    /// <summary>Number that was called, as the person knows it (the extension).</summary>
    public required string CalledNumber { get; init; }

    /// <summary>When the call came in.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What a text message says, as it came, at most <see cref="LongestText"/> characters; null for all others.</summary>
    public string? Text { get; init; }

    /// <summary>The caller marked it urgent.</summary>
    public bool HighImportance { get; init; }

    /// <summary>The caller marked it private.</summary>
    public bool Private { get; init; }

    /// <summary>The server died during the recording; what there is was recovered.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Call-ID of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Format of the attachment.</summary>
    public AttachmentFormat Format { get; init; }

    /// <summary>The attachment gets the usual loudness; false attaches it as loud as it was recorded.</summary>
    public bool LevelRecording { get; init; }

    /// <summary>The attachment loses the silence at its ends; false attaches all that was recorded.</summary>
    public bool TrimSilence { get; init; }

    /// <summary>Key that ended the recording, whose sound may be at the end of it; null when none did.</summary>
    public char? EndedByKey { get; init; }

    /// <summary>Keys that interrupted the recording, in order, whose sound may lie within it; null when none did.</summary>
    public IReadOnlyList<PressedKey>? KeysWithin { get; init; }

    /// <summary>Language of the dial plan, for instance <c>en-US</c>.</summary>
    public string Language { get; init; } = "en-US";

    /// <summary>IANA name of the zone times are shown in; null is that of the server's identity.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Gateway the call came through.</summary>
    public string GatewayName { get; init; } = "";

    /// <summary>Text of the organization for the end of the body; null for none.</summary>
    public string? PolicyText { get; init; }
}
