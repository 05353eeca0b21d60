namespace Postbell.Mailbox;

public sealed partial class MailStore
{
    /// <summary>Makes an account with its standard folders.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.AccountExists"/>, <see cref="MailboxFailure.InvalidAccount"/>.</exception>
    public Task<Account> CreateAccountAsync(NewAccount account, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The account of a sign-in name, or null.</summary>
    public Task<Account?> FindAccountAsync(string userName, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The account with the number, or null.</summary>
    public Task<Account?> FindAccountAsync(long accountId, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>All accounts in order of their sign-in names.</summary>
    public Task<IReadOnlyList<Account>> ListAccountsAsync(CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Stores changed fields of an account; id, creation time and unmentioned secrets stay.</summary>
    public Task UpdateAccountAsync(Account account, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Deletes an account with everything in it.</summary>
    public Task DeleteAccountAsync(long accountId, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Sets the password.</summary>
    public Task SetPasswordAsync(long accountId, string password, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The account when the password is right, else null. An unknown name takes the same work as a wrong password.</summary>
    public Task<Account?> VerifyPasswordAsync(string userName, string password, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Sets the PIN: digits only.</summary>
    public Task SetPinAsync(long accountId, string pin, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>True when the PIN is right. An unknown account takes the same work.</summary>
    public Task<bool> VerifyPinAsync(long accountId, string pin, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Stores a greeting (<see cref="GreetingNames"/>), replacing the former one; empty bytes remove it.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.InvalidGreeting"/>.</exception>
    public Task SetGreetingAsync(long accountId, string name, ReadOnlyMemory<byte> audio, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The bytes of a greeting as they were stored, or null.</summary>
    public Task<ReadOnlyMemory<byte>?> GetGreetingAsync(long accountId, string name, CancellationToken ct) => throw new NotSupportedException();
}
