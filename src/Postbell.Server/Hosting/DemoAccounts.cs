using Postbell.Mailbox;
using Postbell.Server.Configuration;

namespace Postbell.Server.Hosting;

/// <summary>Makes the accounts of the demo's people that are not there yet: all of them at the first start, the rest after one that was cut off.</summary>
internal static class DemoAccounts
{
    /// <summary>Returns the people once each has an account.</summary>
    public static async Task<DemoPeople> EnsureAsync(DemoPeople people, MailStore store, CancellationToken cancellation)
    {
        // Side by side: each password and PIN costs a moment of work on purpose.
        await Task.WhenAll(people.People.Select(person => EnsureAsync(person, store, cancellation)));
        return people;
    }

    private static async Task EnsureAsync(DemoPerson person, MailStore store, CancellationToken cancellation)
    {
        if (await store.FindAccountAsync(person.User, cancellation) is null)
        {
            await store.CreateAccountAsync(
                new NewAccount
                {
                    UserName = person.User, DisplayName = person.Name, Extension = person.Number, DialPlan = DemoConfiguration.DialPlan,
                    Password = person.Password, Pin = person.Pin,
                },
                cancellation);
        }
    }
}
