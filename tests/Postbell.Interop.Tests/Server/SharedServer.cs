using Postbell.Interop.Tests.Mail;

[assembly: AssemblyFixture(typeof(Postbell.Interop.Tests.Server.SharedServer))]

namespace Postbell.Interop.Tests.Server;

/// <summary>
/// The one server most tests call at the same time, started by the first that needs it. Who uses whom: 1001 programs (sipp, baresip), 1002 the
/// test phone, 1003 mail clients, 1004 imapflow, 1005 the lamp. Messages are told apart by their Call-ID.
/// </summary>
public sealed class SharedServer : IAsyncDisposable
{
    private readonly Lazy<Task<PostbellServer>> _server = new(StartAsync);

    public Task<PostbellServer> StartedAsync() => _server.Value;

    public async Task<ReadyReport> ReadyAsync() => (await _server.Value).Ready;

    public async Task<ImapConnection> OpenMailboxAsync(string number)
    {
        var ready = await ReadyAsync();
        return await ImapConnection.LogInAsync(ready.Imap, ready.Person(number));
    }

    private static async Task<PostbellServer> StartAsync()
    {
        var server = await PostbellServer.StartAsync();
        await server.PromptsAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await PostbellServer.ForgetFirstStartAsync();
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
