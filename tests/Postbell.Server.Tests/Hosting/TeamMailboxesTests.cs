using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Server.Hosting;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

public sealed class TeamMailboxesTests
{
    [Fact]
    public async Task A_teams_mailbox_is_made_and_its_members_follow_the_configuration()
    {
        using var folder = new TemporaryDirectory();
        await using var store = await MailStore.OpenAsync(
            new MailStoreOptions { DataDirectory = folder, PasswordIterations = 1 }, TimeProvider.System, NullLoggerFactory.Instance, default);
        await store.CreateAccountAsync(new NewAccount { UserName = "anna", DisplayName = "Anna" }, default);
        await store.CreateAccountAsync(new NewAccount { UserName = "ben", DisplayName = "Ben" }, default);
        (await TeamMailboxes.ApplyAsync(Organization("support", "1500", "Anna", "carol"), store, default))
            .ShouldBe(["team mailbox support: there is no user carol yet"]);
        var team = (await store.FindAccountAsync("support", default)).ShouldNotBeNull();
        (team.IsTeam, team.Extension, team.DialPlan).ShouldBe((true, "1500", "Main"));
        (await store.VerifyPasswordAsync("support", "", default)).ShouldBeNull();
        (await store.ReadGrantsAsync(team.Id, "INBOX", default)).ShouldBe([new FolderGrant("anna", FolderRights.All & ~FolderRights.Administer)]);
        (await TeamMailboxes.ApplyAsync(Organization("support", "1501", "ben"), store, default)).ShouldBeEmpty();
        (await store.FindAccountAsync("support", default))!.Extension.ShouldBe("1501");
        (await store.ReadGrantsAsync(team.Id, "Sent", default)).Select(g => g.UserName).ShouldBe(["ben"]);
        (await TeamMailboxes.ApplyAsync(Organization("anna", ""), store, default)).ShouldBe(["team mailbox anna: a person has that name"]);
    }

    private static Organization Organization(string name, string extension, params string[] members) => new(
        [new DialPlan { Name = "Main", NumberOfDigitsInExtension = 4 }], [], [], [])
    {
        TeamMailboxes = [new TeamMailbox { Name = name, DisplayName = "Support", DialPlan = "Main", Extension = extension, Members = members }],
    };
}
