using System.Security.Cryptography;
using System.Text;
using Postbell.Mailbox.Accounts;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox;

/// <content>What must be remembered of sign-ins, right and wrong ones.</content>
public sealed partial class MailStore
{
    private const int NetworksPerAccount = 50;

    /// <summary>Every record of refused sign-ins.</summary>
    public async Task<IReadOnlyList<SignInRecord>> ReadSignInRecordsAsync(CancellationToken ct) =>
        await Readers.ReadAsync(SignInTable.Records, ct).ConfigureAwait(false);

    /// <summary>Stores records, each in the place of a former one of its subject, and drops those that have not changed since <paramref name="forgetBefore"/>.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.StorageFailed"/>, <see cref="MailboxFailure.DiskFull"/>.</exception>
    public Task SaveSignInRecordsAsync(IReadOnlyList<SignInRecord> records, DateTimeOffset forgetBefore, CancellationToken ct) => Writer.WriteAsync(
        scope =>
        {
            foreach (var record in records)
            {
                SignInTable.Save(scope.Sql, record);
            }

            SignInTable.DeleteRecordsBefore(scope.Sql, forgetBefore);
            return true;
        },
        ct);

    /// <summary>Removes records; what is not there is passed over.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.StorageFailed"/>, <see cref="MailboxFailure.DiskFull"/>.</exception>
    public Task RemoveSignInRecordsAsync(IReadOnlyList<string> subjects, CancellationToken ct) => Writer.WriteAsync(
        scope =>
        {
            foreach (var subject in subjects)
            {
                SignInTable.Delete(scope.Sql, subject);
            }

            return true;
        },
        ct);

    /// <summary>The networks everybody has signed in from.</summary>
    public async Task<IReadOnlyList<KnownNetwork>> ReadKnownNetworksAsync(CancellationToken ct) =>
        await Readers.ReadAsync(SignInTable.Networks, ct).ConfigureAwait(false);

    /// <summary>Notes that a person signed in from a network; of one person the latest 50 are kept. Nothing when the account is gone.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.StorageFailed"/>, <see cref="MailboxFailure.DiskFull"/>.</exception>
    public Task NoteKnownNetworkAsync(KnownNetwork known, DateTimeOffset forgetBefore, CancellationToken ct) => Writer.WriteAsync(
        scope =>
        {
            if (AccountTable.Exists(scope.Sql, known.AccountId))
            {
                SignInTable.NoteNetwork(scope.Sql, known, NetworksPerAccount);
                SignInTable.DeleteNetworksBefore(scope.Sql, forgetBefore);
            }

            return true;
        },
        ct);

    /// <summary>
    /// What the store keeps of a password. For a name that nobody has, or an account without password, it looks just so and is the same each time, so
    /// that nobody learns which names exist.
    /// </summary>
    public Task<PasswordKeys> ReadPasswordKeysAsync(string userName, CancellationToken ct) => Readers.ReadAsync(
        sql =>
        {
            var key = SecretTable.FindSaltKey(sql);
            var made = HMACSHA512.HashData(key, Encoding.UTF8.GetBytes(userName.ToLowerInvariant()));
            return AccountTable.Find(sql, userName) is { } account && AccountTable.FindSecret(sql, account.Id, PasswordKind) is { } secret
                ? new PasswordKeys(account, secret.Salt, secret.Iterations, secret.StoredKey, secret.ServerKey)
                : new PasswordKeys(null, made[..SecretHash.SaltBytes], _options.PasswordIterations, made[16..48], SHA256.HashData(made));
        },
        ct);
}
