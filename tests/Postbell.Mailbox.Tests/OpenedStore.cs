using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests;

/// <summary>A store of its own with one account, in a folder that goes away.</summary>
public sealed class OpenedStore : IAsyncDisposable
{
    private readonly bool _ownsDirectory;

    private OpenedStore(TemporaryDirectory directory, ManualTime time, bool ownsDirectory)
    {
        Directory = directory;
        Time = time;
        _ownsDirectory = ownsDirectory;
    }

    public TemporaryDirectory Directory { get; }

    public ManualTime Time { get; }

    public MailStore Store { get; private set; } = null!;

    public Account Account { get; private set; } = null!;

    public MailboxView Mailbox { get; private set; } = null!;

    public static async Task<OpenedStore> NewAsync()
    {
        var opened = new OpenedStore(new TemporaryDirectory(), new ManualTime(), ownsDirectory: true);
        opened.Store = await OpenAsync(opened.Directory, opened.Time);
        opened.Account = await opened.Store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann Bell", Extension = "1001" }, default);
        opened.Mailbox = await opened.Store.OpenMailboxAsync(opened.Account.Id, default);
        return opened;
    }

    public static Task<MailStore> OpenAsync(string directory, TimeProvider time) =>
        MailStore.OpenAsync(new MailStoreOptions { DataDirectory = directory, PasswordIterations = 10 }, time, NullLoggerFactory.Instance, default);

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync(Directory, Time);
        Mailbox = await Store.OpenMailboxAsync(Account.Id, default);
    }

    public async Task<uint> AppendAsync(string folder, string message, params string[] flags) =>
        (await Mailbox.AppendAsync(folder, [new NewMessage { Message = Bytes(message), Flags = MessageFlags.Parse(flags) }], default))[0].Uid;

    public async Task<FolderSnapshot> SelectAsync(string folder = FolderNames.Inbox) => await Mailbox.OpenFolderAsync(folder, readOnly: true, default);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static string Voice(string importance = "normal") =>
        $"From: <voice@example.com>\nSubject: Voice Mail\nContent-Class: Voice-CA\nImportance: {importance}\nX-CallingTelephoneNumber: +15551234\nX-VoiceMessageSenderName: =?utf-8?Q?Zo=C3=AB?=\nX-VoiceMessageDuration: 17\n\nhello\n";

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        if (_ownsDirectory)
        {
            Directory.Dispose();
        }
    }
}
