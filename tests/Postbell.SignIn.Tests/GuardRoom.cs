using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Mailbox;
using Postbell.TestKit;

namespace Postbell.SignIn.Tests;

/// <summary>A guard before a store with Ann in it, and a clock that tests move.</summary>
internal sealed class GuardRoom : IAsyncDisposable
{
    public const string Right = "correct horse";
    public const string Home = "192.0.2.7";

    private readonly TemporaryDirectory _folder = new();

    private GuardRoom(SignInLimits limits) => Limits = limits;

    public ManualTime Time { get; } = new();

    public SignInLimits Limits { get; }

    public MailStore Store { get; private set; } = null!;

    public Account Ann { get; private set; } = null!;

    public SignInGuard Guard { get; private set; } = null!;

    public SignInRule Rule { get; set; } = new(10, TimeSpan.FromMinutes(15));

    /// <summary>Secrets that were really looked at.</summary>
    public int Checks { get; private set; }

    public static async Task<GuardRoom> OpenAsync(SignInLimits? limits = null)
    {
        var room = new GuardRoom(limits ?? new SignInLimits { LongestDelay = TimeSpan.Zero });
        await room.OpenStoreAsync();
        room.Ann = await room.Store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann", Password = Right }, default);
        return room;
    }

    public async Task RestartAsync()
    {
        Guard.Dispose();
        await Store.DisposeAsync();
        await OpenStoreAsync();
    }

    public Task<SignInOutcome> TryAsync(
        string password, string source = Home, string user = "ann", SignInDoor door = SignInDoor.Imap, SignInSecret secret = SignInSecret.Password) =>
        Guard.SignInAsync(
            new SignInAttempt { Door = door, Secret = secret, Source = source, UserName = user, Given = password },
            async ct =>
            {
                Checks++;
                return await Store.VerifyPasswordAsync(user, password, ct);
            },
            default);

    /// <summary>Wrong passwords, each another one, from one address each.</summary>
    public async Task<List<SignInVerdict>> GuessAsync(int count, Func<int, string> source, string user = "ann", string prefix = "wrong")
    {
        var verdicts = new List<SignInVerdict>();
        for (var i = 0; i < count; i++)
        {
            verdicts.Add((await TryAsync($"{prefix} {i}", source(i), user)).Verdict);
        }

        return verdicts;
    }

    /// <summary>One wrong password for each of many names, from one address.</summary>
    public async Task SprayAsync(int count, string source)
    {
        for (var i = 0; i < count; i++)
        {
            (await TryAsync("summer", source, $"user{i}")).Verdict.ShouldBe(SignInVerdict.Refused);
        }
    }

    /// <summary>Keeps Ann's password as the derived bytes themselves, and opens the store again.</summary>
    public async Task MakeOldPasswordAsync()
    {
        Guard.Dispose();
        await Store.DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={_folder.File("postbell.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE secrets SET hash = $h, salt = $s, iterations = 10 WHERE kind = 'password'";
            command.Parameters.AddWithValue("$h", Rfc2898DeriveBytes.Pbkdf2(Right, new byte[16], 10, HashAlgorithmName.SHA256, 32));
            command.Parameters.AddWithValue("$s", new byte[16]);
            await command.ExecuteNonQueryAsync();
        }

        await OpenStoreAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Guard.Dispose();
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    private async Task OpenStoreAsync()
    {
        Store = await MailStore.OpenAsync(new MailStoreOptions { DataDirectory = _folder, PasswordIterations = 10 }, Time, NullLoggerFactory.Instance, default);
        Guard = await SignInGuard.OpenAsync(Store, Limits, (_, _) => Rule, Time, NullLoggerFactory.Instance, default);
    }
}
