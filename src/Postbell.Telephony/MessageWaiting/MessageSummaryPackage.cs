using System.Globalization;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Events;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.MessageWaiting;

/// <summary>The event package <c>message-summary</c> (RFC 3842): telephones that asked for the state of a mailbox.</summary>
public sealed class MessageSummaryPackage(PeopleDirectory directory, LampCounts counts, TelephonyOptions options, TelephonyStatistics statistics) : IEventPackage
{
    /// <inheritdoc />
    public string Name => MessageSummary.EventPackage;

    /// <inheritdoc />
    public string ContentType => MessageSummary.ContentType;

    /// <inheritdoc />
    public EventExpiry Expiry => new(Usual: 3600, Shortest: 60, Longest: 86_400);

    /// <inheritdoc />
    public TimeSpan Pace => options.LampPace;

    /// <summary>What a mailbox is called among the resources of this package.</summary>
    public static string ResourceOf(long account) => account.ToString(CultureInfo.InvariantCulture);

    /// <summary>The mailbox that the Request-URI names, in the dial plans of the gateway that asks.</summary>
    public EventAdmission Admit(IncomingRequest subscribe)
    {
        var current = directory.Current;
        var (target, rejection) = MailboxTarget.Find(current, subscribe.Request, subscribe.Peer);
        return target is null ? EventAdmission.Refused(rejection!.Status, rejection.Phrase)
            : target.Policy.AllowMessageWaitingIndicator ? EventAdmission.To(ResourceOf(target.Person.AccountId))
            : EventAdmission.Refused(403, "No Message Waiting Indicator");
    }

    /// <inheritdoc />
    public async ValueTask<EventState> ReadAsync(string resource)
    {
        var account = long.Parse(resource, CultureInfo.InvariantCulture);
        return directory.Current.FindByAccount(account) is null ? EventState.Gone
            : await counts.ReadAsync(account) is { } summary ? EventState.Of(summary.ToBody())
            : EventState.Unknown;
    }

    /// <inheritdoc />
    public void OnAnswered(int status) => statistics.CountNotification(string.Create(CultureInfo.InvariantCulture, $"{status / 100}xx"));
}
