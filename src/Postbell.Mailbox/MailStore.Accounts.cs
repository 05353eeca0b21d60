using Postbell.Mailbox.Accounts;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

public sealed partial class MailStore
{
    private const string PasswordKind = "password";
    private const string PinKind = "pin";
    private const int MaxUserName = 128;
    private const int MaxField = 1000;
    private const int MaxSecret = 1000;

    /// <summary>Makes an account with its standard folders, all of them subscribed.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.AccountExists"/>, <see cref="MailboxFailure.InvalidAccount"/>.</exception>
    public async Task<Account> CreateAccountAsync(NewAccount account, CancellationToken ct)
    {
        CheckFields(account.UserName, account.DisplayName, account.Extension, account.DialPlan, account.Policy, account.Gateway, account.Address);
        SecretHash? password = account.Password is null ? null : await HashPasswordAsync(account.Password, ct).ConfigureAwait(false);
        SecretHash? pin = account.Pin is null ? null : await HashPinAsync(account.Pin, ct).ConfigureAwait(false);
        return await Writer.WriteAsync(scope => Create(scope, account, password, pin), ct).ConfigureAwait(false);
    }

    /// <summary>The account of a sign-in name, or null.</summary>
    public Task<Account?> FindAccountAsync(string userName, CancellationToken ct) =>
        Readers.ReadAsync(sql => AccountTable.Find(sql, userName), ct);

    /// <summary>The account with the number, or null.</summary>
    public Task<Account?> FindAccountAsync(long accountId, CancellationToken ct) =>
        Readers.ReadAsync(sql => AccountTable.Find(sql, accountId), ct);

    /// <summary>All accounts in order of their sign-in names.</summary>
    public async Task<IReadOnlyList<Account>> ListAccountsAsync(CancellationToken ct) =>
        await Readers.ReadAsync(AccountTable.List, ct).ConfigureAwait(false);

    /// <summary>Stores changed fields of an account; id, creation time and secrets stay.</summary>
    /// <exception cref="MailboxException">
    /// <see cref="MailboxFailure.NoSuchAccount"/>, <see cref="MailboxFailure.AccountExists"/>, <see cref="MailboxFailure.InvalidAccount"/>.
    /// </exception>
    public Task UpdateAccountAsync(Account account, CancellationToken ct)
    {
        CheckFields(account.UserName, account.DisplayName, account.Extension, account.DialPlan, account.Policy, account.Gateway, account.Address);
        return ChangeAccountAsync(
            account.Id,
            scope =>
            {
                if (AccountTable.FindId(scope.Sql, account.UserName) is { } holder && holder != account.Id)
                {
                    throw new MailboxException(MailboxFailure.AccountExists, "The user name is taken.");
                }

                AccountTable.Update(scope.Sql, account);
                AccountTable.ReplaceAttributes(scope.Sql, account);
            },
            ct);
    }

    /// <summary>Deletes an account with everything in it; nothing when there is no such account.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.OnHold"/>.</exception>
    public Task DeleteAccountAsync(long accountId, CancellationToken ct) => Writer.WriteAsync(
        scope =>
        {
            if (!AccountTable.Exists(scope.Sql, accountId))
            {
                return false;
            }

            RequireNoHold(scope.Sql, accountId);
            Delete(scope, accountId);
            return true;
        },
        ct);

    /// <summary>Sets the password.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.InvalidAccount"/> for an empty one, <see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    public async Task SetPasswordAsync(long accountId, string password, CancellationToken ct) =>
        await SetSecretAsync(accountId, PasswordKind, await HashPasswordAsync(password, ct).ConfigureAwait(false), ct).ConfigureAwait(false);

    /// <summary>The account when the password is right, else null. An unknown name takes the same work as a wrong password.</summary>
    public async Task<Account?> VerifyPasswordAsync(string userName, string password, CancellationToken ct)
    {
        if (password.Length > MaxSecret)
        {
            return null;
        }

        var (account, secret) = await Readers.ReadAsync(
            sql => AccountTable.Find(sql, userName) is { } found ? (found, AccountTable.FindSecret(sql, found.Id, PasswordKind)) : default, ct).ConfigureAwait(false);
        return await _secrets.MatchesAgainAsync(secret, password, ct).ConfigureAwait(false) ? account : null;
    }

    /// <summary>Sets the PIN: digits only.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.InvalidAccount"/> for anything but digits, <see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    public async Task SetPinAsync(long accountId, string pin, CancellationToken ct) =>
        await SetSecretAsync(accountId, PinKind, await HashPinAsync(pin, ct).ConfigureAwait(false), ct).ConfigureAwait(false);

    /// <summary>True when the PIN is right. An unknown account takes the same work.</summary>
    public async Task<bool> VerifyPinAsync(long accountId, string pin, CancellationToken ct)
    {
        var secret = await Readers.ReadAsync(sql => AccountTable.FindSecret(sql, accountId, PinKind), ct).ConfigureAwait(false);
        return pin.Length <= MaxSecret && await _secrets.MatchesAsync(secret, pin, ct).ConfigureAwait(false);
    }

    /// <summary>Stores a greeting (<see cref="GreetingNames"/>), replacing the former one; empty bytes remove it.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.InvalidGreeting"/>, <see cref="MailboxFailure.NoSuchAccount"/>.</exception>
    public async Task SetGreetingAsync(long accountId, string name, ReadOnlyMemory<byte> audio, CancellationToken ct)
    {
        if (!GreetingNames.All.Contains(name) || audio.Length > _options.MaxGreetingBytes)
        {
            throw new MailboxException(MailboxFailure.InvalidGreeting, "The greeting is too large, or there is no greeting of that name.");
        }

        await RequireAccountAsync(accountId, ct).ConfigureAwait(false);
        var blob = audio.IsEmpty ? null : await Blobs.WriteAsync(audio, ct).ConfigureAwait(false);
        try
        {
            await ChangeAccountAsync(
                accountId,
                scope =>
                {
                    if (AccountTable.SetGreeting(scope.Sql, accountId, name, blob, scope.Now) is { } former)
                    {
                        scope.ReleasedBlobs.Add(former);
                    }
                },
                ct).ConfigureAwait(false);
            Blobs.LetGo(blob is null ? [] : [blob.Name]);
        }
        catch (Exception fault) when (blob is not null && fault is not MailboxException { Reason: MailboxFailure.StorageFailed })
        {
            Blobs.Delete(blob.Name);
            throw;
        }
    }

    /// <summary>The bytes of a greeting as they were stored, or null.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BlobDamaged"/>.</exception>
    public async Task<ReadOnlyMemory<byte>?> GetGreetingAsync(long accountId, string name, CancellationToken ct)
    {
        var blob = await Readers.ReadAsync(sql => AccountTable.FindGreeting(sql, accountId, name), ct).ConfigureAwait(false);
        if (blob is null)
        {
            return null;
        }

        return await Blobs.ReadAsync(blob.Name, blob.Checksum, blob.Size, ct).ConfigureAwait(false);
    }

    private static void Delete(WriteScope scope, long accountId)
    {
        scope.ReleasedBlobs.AddRange(AccountTable.BlobNames(scope.Sql, accountId));
        AccountTable.Delete(scope.Sql, accountId);
        scope.Changes.Add(new MailboxChange(accountId, 0, MailboxChangeKind.AccountDeleted, [], 0, VoiceCountsMayHaveChanged: true));
    }

    private static Account Create(WriteScope scope, NewAccount account, SecretHash? password, SecretHash? pin)
    {
        if (AccountTable.FindId(scope.Sql, account.UserName) is not null)
        {
            throw new MailboxException(MailboxFailure.AccountExists, "The user name is taken.");
        }

        var created = new Account
        {
            Id = AccountTable.NextValue(scope.Sql, "account"),
            UserName = account.UserName,
            DisplayName = account.DisplayName,
            Extension = account.Extension,
            DialPlan = account.DialPlan,
            Policy = account.Policy,
            Gateway = account.Gateway,
            Address = account.Address,
            Attributes = account.Attributes,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(scope.Now.ToUnixTimeMilliseconds()),
        };
        AccountTable.Insert(scope.Sql, created);
        AccountTable.ReplaceAttributes(scope.Sql, created);
        foreach (var (name, use) in FolderNames.Standard)
        {
            FolderTable.Insert(scope.Sql, created.Id, name, use, scope.Now);
            FolderTable.SetSubscribed(scope.Sql, created.Id, name, subscribed: true);
        }

        foreach (var (kind, secret) in new[] { (PasswordKind, password), (PinKind, pin) })
        {
            if (secret is { } hash)
            {
                AccountTable.SetSecret(scope.Sql, created.Id, kind, hash, scope.Now);
            }
        }

        scope.Changes.Add(new MailboxChange(created.Id, 0, MailboxChangeKind.AccountChanged, [], 0, VoiceCountsMayHaveChanged: false));
        return created;
    }

    private static void CheckFields(string userName, params ReadOnlySpan<string> fields)
    {
        var invalid = userName.Length is 0 or > MaxUserName || userName.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c));
        foreach (var field in fields)
        {
            invalid |= field.Length > MaxField || field.Any(char.IsControl);
        }

        if (invalid)
        {
            throw new MailboxException(MailboxFailure.InvalidAccount, "A field of the account is empty, too long or has characters that do not belong there.");
        }
    }

    private Task<SecretHash> HashPasswordAsync(string password, CancellationToken ct) => password.Length is 0 or > MaxSecret
        ? throw new MailboxException(MailboxFailure.InvalidAccount, "A password has 1 to 1000 characters.")
        : _secrets.HashPasswordAsync(password, ct);

    private Task<SecretHash> HashPinAsync(string pin, CancellationToken ct) => pin.Length is 0 or > 32 || !pin.All(char.IsAsciiDigit)
        ? throw new MailboxException(MailboxFailure.InvalidAccount, "A PIN has 1 to 32 digits.")
        : _secrets.HashAsync(pin, ct);

    private Task SetSecretAsync(long accountId, string kind, SecretHash secret, CancellationToken ct) =>
        ChangeAccountAsync(accountId, scope => AccountTable.SetSecret(scope.Sql, accountId, kind, secret, scope.Now), ct);

    private Task ChangeAccountAsync(long accountId, Action<WriteScope> change, CancellationToken ct) => Writer.WriteAsync(
        scope =>
        {
            if (!AccountTable.Exists(scope.Sql, accountId))
            {
                throw new MailboxException(MailboxFailure.NoSuchAccount, "There is no such account.");
            }

            change(scope);
            scope.Changes.Add(new MailboxChange(accountId, 0, MailboxChangeKind.AccountChanged, [], 0, VoiceCountsMayHaveChanged: false));
            return true;
        },
        ct);
}
