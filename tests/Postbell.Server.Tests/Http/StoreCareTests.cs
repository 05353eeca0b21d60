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
}
