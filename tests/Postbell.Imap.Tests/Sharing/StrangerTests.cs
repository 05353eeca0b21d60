using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Sharing;

/// <summary>Nobody reaches a folder of somebody else that is not shared with him, whatever he says.</summary>
public sealed class StrangerTests
{
    public static TheoryData<string> Commands =>
    [
        "SELECT @", "EXAMINE @", "STATUS @ (MESSAGES UIDNEXT)", "DELETE @", "RENAME @ Mine", "RENAME Mine @/x", "CREATE @/x", "COPY 1 @",
        "MOVE 1 @", "UID COPY 1:* @", "GETACL @", "SETACL @ bob lr", "DELETEACL @ bob", "LISTRIGHTS @ bob", "MYRIGHTS @", "GETQUOTAROOT @",
        "APPEND @ {4+}\r\na: b",
    ];

    /// <summary>A folder that is there, one that is not, and a person who is not: nothing tells them apart.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_command_answers_as_if_it_were_not_there(string command)
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Mail.Simple("secret"));
        var bob = await server.ConnectAsBobAsync();
        await bob.AppendAsync("INBOX", "a: b\r\n\r\n");
        await bob.DoAsync("CREATE Mine");
        var answers = new List<string>();
        foreach (var name in new[] { "Other Users/ann", "Other Users/ann/Sent", "Other Users/ann/INBOX", "Other Users/ann/None", "Other Users/carol", "Shared Folders/ann", "Other Users", "Other Users/" })
        {
            await bob.DoAsync("SELECT INBOX");
            answers.Add((await bob.TryAsync(command.Replace("@", $"\"{name}\"", StringComparison.Ordinal).Replace("\"/x", "/x\"", StringComparison.Ordinal))).End);
        }

        answers.ShouldAllBe(a => a.StartsWith("NO [NONEXISTENT]", StringComparison.Ordinal) || a.StartsWith("NO [TRYCREATE]", StringComparison.Ordinal));
        answers.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Lists_searches_threads_and_notices_tell_nothing_of_others()
    {
        await using var server = await ImapServer.StartAsync();
        var bob = await server.ConnectAsBobAsync();
        await bob.AppendAsync("INBOX", "Subject: mine\r\n\r\nsecret\r\n");
        await bob.DoAsync("SELECT INBOX");
        await bob.DoAsync("NOTIFY SET (PERSONAL (MessageNew MessageExpunge)) (MAILBOXES \"Other Users/ann\" (MessageNew MessageExpunge)) (SUBTREE \"Other Users\" (MessageNew MessageExpunge))");
        await server.DeliverAsync(Mail.Simple("secret", "secret"));
        (await bob.DoAsync("NOOP")).ShouldBeEmpty();
        (await bob.DoAsync("SEARCH TEXT secret")).ShouldBe(["* SEARCH 1"]);
        (await bob.DoAsync("THREAD REFERENCES UTF-8 ALL")).ShouldBe(["* THREAD (1)"]);
        (await bob.DoAsync("UID FETCH 1:* (UID EMAILID)")).Count.ShouldBe(1);
        (await bob.DoAsync("LIST \"\" *")).ShouldNotContain(l => l.Contains("ann", StringComparison.Ordinal));
        await bob.DoAsync("SUBSCRIBE \"Other Users/ann\"");
        (await bob.TryAsync("SELECT \"Other Users/ann\"")).End.ShouldStartWith("NO [NONEXISTENT]");
    }
}
