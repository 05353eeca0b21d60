using Postbell.Server.Tests.Hosting;

namespace Postbell.Server.Tests.Http;

public sealed class SharesTests(RunningDemo demo)
{
    [Fact]
    public async Task An_administrator_shares_folders_and_sees_with_whom()
    {
        var server = demo.Server;
        (await server.CommandAsync(null, "mailbox", "share", "1003", "Archive", "anna", "lr")).ShouldMatch(@"^FOLDER +WHO +RIGHTS\nArchive +anna +lr\n$");
        (await server.CommandAsync(null, "mailbox", "share", "1003", "Archive", "anyone", "l")).ShouldContain("anyone");
        await server.CommandAsync(null, "mailbox", "share", "1003", "Archive", "anyone", "none");
        (await server.CommandAsync(null, "mailbox", "share", "1003")).ShouldMatch(@"^FOLDER +WHO +RIGHTS\nArchive +anna +lr\n$");
        foreach (var (folder, who, rights, why) in new[] { ("None", "anna", "l", "has no folder None"), ("Archive", "nobody", "l", "there is no user nobody"), ("Archive", "anna", "z", "letters of") })
        {
            (await ServerProcess.RunAsync(null, "mailbox", "share", "1003", folder, who, rights, "--data", server.Data)).Errors.ShouldContain(why);
        }

        (await ServerProcess.RunAsync(null, "mailbox", "share", "1003", "Archive", "--data", server.Data)).Code.ShouldBe(2);
    }
}
