using Postbell.Delivery;
using Postbell.Telephony.Calls;
using Postbell.Telephony.GatewayHealth;

namespace Postbell.Server.Http;

/// <summary>GET /api/v1/status.</summary>
internal sealed record StatusReply(
    string Version, bool Ready, DateTimeOffset StartedAt, double UptimeSeconds, string Data, int CallsActive, int QueueLength,
    IReadOnlyList<Door> Doors, IReadOnlyList<Check> Checks, IReadOnlyList<ProbeRow> Probes, IReadOnlyList<GatewayNameRow> GatewayNames);

/// <summary>A gateway that is configured by host name, and where it is.</summary>
internal sealed record GatewayNameRow(string Name, string HostName, IReadOnlyList<string> Addresses, string? Problem, DateTimeOffset? LookedUpAt);

/// <summary>A place the server listens at.</summary>
internal sealed record Door(string Name, string Address);

/// <summary>One condition of being ready.</summary>
internal sealed record Check(string Name, bool Ok, string Detail);

/// <summary>Whether a gateway answers.</summary>
internal sealed record ProbeRow(string Gateway, GatewayState State, DateTimeOffset? Since, int? LastStatus, double RoundTripMilliseconds);

/// <summary>GET /api/v1/calls.</summary>
internal sealed record CallsReply(IReadOnlyList<CallRow> Calls);

/// <summary>A call of this moment.</summary>
internal sealed record CallRow(
    string Id, string CallId, string Caller, string Called, string CalledName, string Gateway, CallState State, double Seconds, QualityRow? Quality);

/// <summary>POST /api/v1/calls/transfer and /hangup: a call by id or Call-ID, and where its caller is to go.</summary>
internal sealed record CallOrder(string? Call, string? Target, bool Attended, string? Keys = null);

/// <summary>GET /api/v1/queue.</summary>
internal sealed record QueueReply(IReadOnlyList<QueueRow> Messages);

/// <summary>A message between recording and mailbox.</summary>
internal sealed record QueueRow(
    string Id, string Kind, string Recipient, QueueState State, string Stage, bool Interrupted, int FailedAttempts, double AgeSeconds,
    DateTimeOffset? NextAttemptAt, string? LastProblem);

/// <summary>GET /api/v1/outbound; the smart host is null when no mail leaves.</summary>
internal sealed record OutboundReply(string? SmartHost, bool Ok, string Detail, int Messages);

/// <summary>GET /api/v1/trace and /api/v1/trace/{id}.</summary>
internal sealed record TraceReply(IReadOnlyList<TraceStep> Steps);

/// <summary>A row of the ledger.</summary>
internal sealed record TraceStep(string Id, int Sequence, DateTimeOffset At, string Stage, string Detail);

/// <summary>GET /api/v1/users.</summary>
internal sealed record UsersReply(IReadOnlyList<UserRow> Users);

/// <summary>A person.</summary>
internal sealed record UserRow(string User, string Number, string Name, string DialPlan, DateTimeOffset CreatedAt);

/// <summary>POST /api/v1/users: a secret that is absent is made up.</summary>
internal sealed record NewUser(string User, string Name, string Number, string? DialPlan, string? Password, string? Pin);

/// <summary>Answer to a new person; secrets that the server made up, each null when it was given.</summary>
internal sealed record NewUserReply(string User, string Name, string Number, string? Password, string? Pin);

/// <summary>PUT /api/v1/users/{user}/password or /pin, and the answer: what the server made up.</summary>
internal sealed record NewSecret(string? Password, string? Pin);

/// <summary>GET /api/v1/locks.</summary>
internal sealed record LocksReply(IReadOnlyList<LockRow> Locks);

/// <summary>Who may not sign in now. Kind is account (strangers), pair (one network of the person's own) or source.</summary>
internal sealed record LockRow(string Kind, string Secret, string User, string Source, DateTimeOffset Until);

/// <summary>DELETE /api/v1/users/{user}/locks and /api/v1/locks: how many were taken away.</summary>
internal sealed record UnlockReply(int Unlocked);

/// <summary>A person's own recording.</summary>
internal sealed record GreetingReply(string User, string Kind, bool Recorded, double Seconds);

/// <summary>GET /api/v1/users/{user}/mailbox.</summary>
internal sealed record MailboxReply(string User, int VoiceNew, int VoiceOld, UsageRow Usage, IReadOnlyList<FolderRow> Folders);

/// <summary>What a mailbox holds and may hold; limits that do not exist are absent. Level is normal, warning or full.</summary>
internal sealed record UsageRow(long Octets, long Messages, long? StorageWarning, long? StorageLimit, long? MessageLimit, string Level)
{
    /// <summary>The same as the store says it.</summary>
    public static UsageRow Of(Postbell.Mailbox.MailboxUsage usage) => new(
        usage.Octets, usage.Messages, usage.Quota.StorageWarning, usage.Quota.StorageLimit, usage.Quota.MessageLimit, usage.Level.ToString().ToLowerInvariant());
}

/// <summary>A folder and how much is in it.</summary>
internal sealed record FolderRow(string Name, long Messages, long Unseen);
