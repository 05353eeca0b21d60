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

    [Fact]
    public async Task A_mailbox_is_exported_imported_and_its_person_erased_by_command()
    {
        var server = demo.Server;
        using var target = new TemporaryDirectory();
        await server.CommandAsync("correct horse\n", "user", "add", "1912", "--name", "Edda Erase", "--user", "edda", "--stdin");
        await ImapAsync(server, "edda", "correct horse", "APPEND INBOX (\\Seen) {19+}\r\nSubject: kept\r\n\r\nx", "CREATE deep/er", "APPEND deep/er {19+}\r\nSubject: deep\r\n\r\nx");
        (await server.CommandAsync(null, "mailbox", "export", "edda", target.File("out"))).ShouldStartWith("2 messages of 8 folders");
        File.ReadAllText(target.File("out/INBOX.mbox")).ShouldContain("Subject: kept");
        (await server.CommandAsync(null, "mailbox", "export", "1912", target.File("md"), "--format", "maildir", "--folder", "deep")).ShouldStartWith("1 messages of 2 folders");
        (await ServerProcess.RunAsync(null, "user", "erase", "edda", "--data", server.Data)).Code.ShouldBe(2);
        await server.CommandAsync(null, "mailbox", "hold", "edda", "on");
        (await ServerProcess.RunAsync(null, "user", "erase", "edda", "--yes", "--data", server.Data)).Errors.ShouldContain("legal hold");
        await server.CommandAsync(null, "mailbox", "hold", "edda", "off");
        var erased = await server.CommandAsync(null, "user", "erase", "edda", "--yes");
        erased.ShouldStartWith("edda: erased, 2 messages and recordings, ");
        erased.ShouldContain("not touched: backups");
        (await server.CommandAsync(null, "user", "list")).ShouldNotContain("edda");
        await server.CommandAsync(null, "user", "add", "1912", "--name", "New Person", "--user", "newby");
        (await server.CommandAsync(null, "mailbox", "import", "newby", target.File("out"))).ShouldBe("2 messages taken, 0 were there\n");
        (await server.CommandAsync(null, "mailbox", "import", "newby", target.File("md"), "--folder", "again")).ShouldBe("1 messages taken, 0 were there\n");
        var listed = await server.CommandAsync(null, "mailbox", "newby");
        listed.ShouldContain("again/deep/er");
        (await ServerProcess.RunAsync(null, "mailbox", "import", "newby", Path.Combine(server.Data, "blobs"), "--data", server.Data)).Errors.ShouldContain("not within the data folder");
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
