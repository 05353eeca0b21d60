using System.Globalization;
using Postbell.Mailbox;

namespace Postbell.Server.Diagnosis;

/// <summary>What the store knows of its own health, as findings: what is lost, and how to get it back.</summary>
internal static class StoreFindings
{
    private const int Most = 10;

    /// <summary>The findings.</summary>
    public static IEnumerable<Finding> Of(StoreCondition store)
    {
        if (store.DatabaseDamage is { } damage)
        {
            yield return new Finding("mail database", FindingState.Bad, $"damaged: {damage}; stop the server and put the last backup in its place, or restore the mailboxes concerned");
        }

        foreach (var item in store.Damaged.Take(Most))
        {
            yield return new Finding(
                $"message of {item.UserName}", FindingState.Bad,
                string.Create(CultureInfo.InvariantCulture, $"{item.What}: bytes {(item.IsMissing ? "missing" : "damaged")} (blobs/{item.Blob}), found {item.FoundAt:u}; postbell mailbox restore brings it back from a backup"));
        }

        if (store.Damaged.Count > Most)
        {
            yield return new Finding("messages", FindingState.Bad, $"{store.Damaged.Count - Most} more are damaged; postbell mailbox verify names all");
        }

        yield return new Finding("stored messages", FindingState.Good, Text(store.Scrub));
    }

    private static string Text(ScrubProgress scrub) =>
        scrub.StartedAt is not { } started ? "not read through yet"
        : scrub.FinishedAt is { } finished && finished >= started
            ? string.Create(CultureInfo.InvariantCulture, $"{scrub.Checked} read and compared, last round ended {finished:u}")
            : string.Create(CultureInfo.InvariantCulture, $"{scrub.Checked} read and compared in the round since {started:u}");
}
