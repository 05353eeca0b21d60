using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class LogoutTests
{
    [Fact]
    public async Task The_server_says_goodbye_and_closes()
    {
        await using var server = await ImapServer.StartAsync();
        var client = server.Connect();
        await client.PlayAsync(
            """
            S: * OK ...
            C: a LOGOUT
            S: * BYE Goodbye
            S: a OK Logged out
            """);
        (await client.ReadLineAsync()).ShouldBeNull();
    }
}
