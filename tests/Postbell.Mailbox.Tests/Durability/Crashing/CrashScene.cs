using Microsoft.Extensions.Logging.Abstractions;

namespace Postbell.Mailbox.Tests.Durability.Crashing;

/// <summary>The store that process and test share: whose mailboxes, which folders, which limits.</summary>
internal static class CrashScene
{
    public const int Workers = 4;

    /// <summary>Messages that the mailbox of the first worker may hold; the others share one without a limit.</summary>
    public const int SmallLimit = 12;

    /// <summary>Stands for "removed, and can be brought back".</summary>
    public static string Removed(string user) => $"(removed of {user})";

    public static string User(int worker) => worker == 0 ? "small" : "ann";

    public static string Fresh(int worker) => $"w{worker}";

    public static string Kept(int worker) => $"w{worker}-kept";

    public static Task<MailStore> OpenAsync(string directory, TimeSpan? kept = null) => MailStore.OpenAsync(
        new MailStoreOptions
        {
            DataDirectory = directory, PasswordIterations = 1,
            RetentionOf = _ => new MailboxRetention { DeletedItemRetention = kept ?? TimeSpan.FromDays(1) },
            QuotaOf = static account => account.UserName == "small" ? new MailboxQuota { MessageLimit = SmallLimit } : MailboxQuota.Unlimited,
        },
        TimeProvider.System, NullLoggerFactory.Instance, default);

    public static async Task MakeAsync(string directory)
    {
        await using var store = await OpenAsync(directory);
        foreach (var user in new[] { "small", "ann" })
        {
            var mailbox = await store.OpenMailboxAsync((await store.CreateAccountAsync(new NewAccount { UserName = user, DisplayName = user }, default)).Id, default);
            foreach (var worker in Enumerable.Range(0, Workers).Where(w => User(w) == user))
            {
                await mailbox.CreateFolderAsync(Fresh(worker), default);
                await mailbox.CreateFolderAsync(Kept(worker), default);
            }
        }
    }

    public static int NumberOf(StoredMessage message) => int.Parse(message.Envelope.Subject!.Split('-')[1]);
}
