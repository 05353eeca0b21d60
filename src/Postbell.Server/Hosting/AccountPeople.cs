using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Server.Configuration;

namespace Postbell.Server.Hosting;

/// <summary>The people that calls can reach, kept as the store's accounts say: the store is the truth, the directory its index.</summary>
internal sealed class AccountPeople(MailStore store, ServerConfiguration configuration) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>The directory that calls look into.</summary>
    public PeopleDirectory Directory { get; } = new(configuration.Organization, []);

    /// <summary>Who gets the mail of which address.</summary>
    public AddressBook Addresses { get; private set; } = AddressBook.Empty;

    /// <summary>Reads the accounts anew; called at the start and after each change of an account.</summary>
    public async Task<IReadOnlyList<PersonProblem>> RefreshAsync(CancellationToken cancellation)
    {
        // One at a time: an older list must not replace a newer one.
        await _gate.WaitAsync(cancellation);
        try
        {
            var accounts = await store.ListAccountsAsync(cancellation);
            Addresses = new AddressBook(
                [configuration.MailDomain, .. configuration.Smtp?.Domains ?? []], accounts.Select(ToRecipient), configuration.Smtp?.Postmaster,
                configuration.Organization.DistributionGroups);
            return Directory.Replace([.. accounts.Where(account => account.Extension.Length > 0).Select(ToPerson)]).Problems;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _gate.Dispose();

    // The user name and the extension are addresses too, so that mail reaches whoever is known by either.
    private MailRecipient ToRecipient(Account account) => new(
        account.Id, AddressOf(account),
        [
            OwnName(account), .. account.Extension.Length > 0 ? [$"{account.Extension}@{configuration.MailDomain}"] : Array.Empty<string>(),
            .. Aliases.Where(a => IsOf(a, account)).SelectMany(static a => a.Addresses),
        ]);

    private IReadOnlyList<MailAliases> Aliases => configuration.Smtp?.Aliases ?? [];

    private static bool IsOf(MailAliases aliases, Account account) =>
        account.UserName.Equals(aliases.User, StringComparison.OrdinalIgnoreCase) || (account.Extension.Length > 0 && account.Extension == aliases.User);

    private string AddressOf(Account account) => account.Address.Length > 0 ? account.Address : OwnName(account);

    private string OwnName(Account account) => $"{account.UserName}@{configuration.MailDomain}";

    private Person ToPerson(Account account) => new()
    {
        AccountId = account.Id,
        UserName = account.UserName,
        DisplayName = account.DisplayName,
        EmailAddress = AddressOf(account),
        DialPlan = account.DialPlan,
        Extension = account.Extension,
        Policy = account.Policy.Length > 0 ? account.Policy : null,
    };
}
