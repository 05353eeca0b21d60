namespace Postbell.Telephony.GatewayHealth;

/// <summary>What is known of one gateway.</summary>
/// <param name="Gateway">Its name.</param>
/// <param name="State">Whether it answers.</param>
/// <param name="Since">When that began; null while nothing is known.</param>
/// <param name="LastStatus">Status code of its last answer to a probe; null when the last probe had none.</param>
/// <param name="RoundTrip">Time from the last probe to its answer; zero when it had none.</param>
/// <param name="Answered">Probes that were answered.</param>
/// <param name="Unanswered">Probes that were not.</param>
public sealed record GatewayStanding(
    string Gateway, GatewayState State, DateTimeOffset? Since, int? LastStatus, TimeSpan RoundTrip, long Answered, long Unanswered)
{
    /// <summary>Probes in a row that said the opposite of <see cref="State"/>.</summary>
    internal int Contrary { get; init; }

    /// <summary>
    /// After one more probe. One that says otherwise is not believed at once: a lost answer makes no gateway dead, and one answer between losses none alive.
    /// The first probe of all is believed.
    /// </summary>
    internal GatewayStanding After(int? status, TimeSpan roundTrip, DateTimeOffset now, GatewayProbeOptions options)
    {
        // 503 is how a gateway says that it is there and of no use.
        var answers = status is not null and not 503;
        var next = this with
        {
            LastStatus = status,
            RoundTrip = status is null ? TimeSpan.Zero : roundTrip,
            Answered = Answered + (answers ? 1 : 0),
            Unanswered = Unanswered + (answers ? 0 : 1),
            Contrary = State == GatewayState.Unknown || answers == (State == GatewayState.Up) ? 0 : Contrary + 1,
        };
        var enough = answers ? options.AnswersUntilUp : options.SilencesUntilDown;
        return State == GatewayState.Unknown || next.Contrary >= enough
            ? next with { State = answers ? GatewayState.Up : GatewayState.Down, Since = now, Contrary = 0 }
            : next;
    }
}
