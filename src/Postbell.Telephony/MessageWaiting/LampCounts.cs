using Microsoft.Extensions.Logging;
using Postbell.Directory;
using Postbell.Mailbox;

namespace Postbell.Telephony.MessageWaiting;

/// <summary>What a lamp must show, read from the store each time: a number that is not known is never sent as a number.</summary>
public sealed class LampCounts(MailStore store, PeopleDirectory directory, TelephonyOptions options, ILogger<LampCounts> log)
{
    /// <summary>The summary of a mailbox as committed now; null when it cannot be read (logged) or belongs to nobody.</summary>
    public async Task<MessageSummary?> ReadAsync(long account)
    {
        if (directory.Current.FindByAccount(account) is not { } person)
        {
            return null;
        }

        try
        {
            var counts = await store.CountVoiceAsync(account, CancellationToken.None);
            return new MessageSummary($"sip:{person.Extension}@{options.ServerName}", counts.New, counts.Old, counts.UrgentNew, counts.UrgentOld);
        }
        catch (Exception fault)
        {
            Log.LampUnknown(log, account, fault);
            return null;
        }
    }
}
