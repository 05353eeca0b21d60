namespace Postbell.Directory;

/// <summary>A numbering plan of the telephone system: how long extensions are, how numbers look, and what its callers hear and may do.</summary>
public sealed record DialPlan
{
    /// <summary>Unique name, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Length of every extension, 1 to 20 digits.</summary>
    public required int NumberOfDigitsInExtension { get; init; }

    /// <summary>Form of numbers on the wire.</summary>
    public UriType UriType { get; init; } = UriType.TelExtn;

    /// <summary>How its calls must be protected.</summary>
    public VoipSecurity VoipSecurity { get; init; } = VoipSecurity.Unsecured;

    /// <summary>Language of prompts for callers, for instance <c>en-US</c>.</summary>
    public string DefaultLanguage { get; init; } = "en-US";

    /// <summary>IANA name of the zone in which people read times, for instance <c>Europe/Berlin</c>; null is the server's own.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Format of voice message attachments.</summary>
    public AudioCodec AudioCodec { get; init; } = AudioCodec.Mp3;

    /// <summary>Voice messages are brought to one loudness: quiet callers are raised, loud ones lowered.</summary>
    public bool LevelRecordings { get; init; } = true;

    /// <summary>Silence at the beginning and end of voice messages is left out.</summary>
    public bool TrimSilence { get; init; } = true;

    /// <summary>Longest call, 10 to 120 minutes.</summary>
    public TimeSpan MaxCallDuration { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Longest recording, 1 to 100 minutes, shorter than <see cref="MaxCallDuration"/>.</summary>
    public TimeSpan MaxRecordingDuration { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Silence that ends a recording, 2 to 10 seconds.</summary>
    public TimeSpan RecordingIdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Wrong or missing menu inputs in a row before the call ends, 1 to 20.</summary>
    public int InputFailuresBeforeDisconnect { get; init; } = 3;

    /// <summary>
    /// Masks of digits and <c>x</c> (one digit each), for instance <c>+1425555xxxx</c>: a number of such a form belongs to the person whose
    /// extension is its last digits.
    /// </summary>
    public IReadOnlyList<string> NumberingPlanFormats { get; init; } = [];

    /// <summary>
    /// True for numbers that callers may be sent on to: extensions of this plan, and numbers of the form <see cref="NumberingPlanFormats"/>. Nothing else: who
    /// may have callers sent on must not make calls to everywhere at the owner's expense.
    /// </summary>
    /// <param name="number">A dial string.</param>
    public bool AllowsTransferTo(string number) =>
        DialPlanNumbers.IsExtension(this, number) || NumberingPlanFormats.Any(mask => NumberMask.Matches(mask, number));
}
