using Postbell.Server.Tests.Hosting;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Http;

public sealed class StoreCareTests(RunningDemo demo)
{
    [Fact]
    public async Task Mailboxes_are_verified_backed_up_and_restored_by_command()
    {
        var server = demo.Server;
        using var target = new TemporaryDirectory();
        await server.CommandAsync(null, "user", "add", "1910", "--name", "Cara Care", "--user", "cara");
        (await server.CommandAsync(null, "mailbox", "verify", "cara")).ShouldContain("cara: 0 checked (0.0 MB), 0 damaged\nsound\n");
        (await server.CommandAsync(null, "mailbox", "backup", target)).ShouldContain("messages;");
        (await server.CommandAsync(null, "mailbox", "restore", target, "cara")).ShouldBe("cara: 0 messages restored, 0 were there\n");
        (await server.CommandAsync(null, "mailbox", "cara")).ShouldContain("holds 0.0 MB in 0 messages");
    }

    [Fact]
    public async Task Removed_messages_are_listed_and_brought_back_and_a_hold_keeps_them_by_command()
    {
        var server = demo.Server;
        await server.CommandAsync("correct horse\n", "user", "add", "1911", "--name", "Rita Rem", "--user", "rita", "--stdin");
        await ImapAsync(
            server, "rita", "correct horse", "APPEND INBOX {19+}\r\nSubject: gone\r\n\r\nx", "SELECT INBOX", "STORE 1 +FLAGS (\\Deleted)", "EXPUNGE");
        var listed = await server.CommandAsync(null, "mailbox", "removed", "rita");
        listed.ShouldContain("rita: 1 removed messages");
        listed.ShouldContain("gone");
        (await server.CommandAsync(null, "mailbox", "hold", "1911", "on")).ShouldContain("rita: on hold since 2");
        (await server.CommandAsync(null, "mailbox", "removed", "rita")).ShouldContain(", on hold since 2");
        (await server.CommandAsync(null, "mailbox", "undelete", "rita", "1")).ShouldBe("1: INBOX, UID 2\n");
        var (code, _, errors) = await ServerProcess.RunAsync(null, "mailbox", "undelete", "rita", "1", "--data", server.Data);
        (code, errors).ShouldBe((1, "1: no removed message has this number\n"));
        (await server.CommandAsync(null, "mailbox", "hold", "rita", "off")).ShouldBe("rita: no hold\n");
        (await ServerProcess.RunAsync(null, "mailbox", "undelete", "rita", "--data", server.Data)).Code.ShouldBe(2);
        (await server.CommandAsync(null, "doctor")).ShouldContain("stored messages");
    }

    private static async Task ImapAsync(ServerProcess server, string user, string password, params string[] commands)
    {
        var door = System.Net.IPEndPoint.Parse(server.Ready.GetProperty("imap").GetString()!);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(door);
        using var stream = client.GetStream();
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        var number = 0;
        foreach (var command in (string[])[$"LOGIN {user} \"{password}\"", .. commands])
        {
            var tag = $"a{++number}";
            await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes($"{tag} {command}\r\n"));
            string line;
            do
            {
                line = (await reader.ReadLineAsync())!;
            }
            while (!line.StartsWith(tag + " ", StringComparison.Ordinal));
            line.ShouldStartWith(tag + " OK");
        }
    }
}
