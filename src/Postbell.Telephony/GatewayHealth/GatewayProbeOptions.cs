namespace Postbell.Telephony.GatewayHealth;

/// <summary>How gateways are asked whether they are there.</summary>
public sealed record GatewayProbeOptions
{
    /// <summary>Time between two probes of one gateway; zero asks nobody.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Probes without answer, one after the other, until a gateway that was up is down.</summary>
    public int SilencesUntilDown { get; init; } = 2;

    /// <summary>Answers, one after the other, until a gateway that was down is up.</summary>
    public int AnswersUntilUp { get; init; } = 2;
}
