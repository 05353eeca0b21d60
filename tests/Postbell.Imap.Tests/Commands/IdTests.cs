using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class IdTests
{
    [Fact]
    public async Task Both_sides_tell_their_names()
    {
        await using var server = await ImapServer.StartAsync();
        await server.Connect().PlayAsync(
            """
            S: * OK ...
            C: a ID ("name" "mutt" "version" NIL)
            S: * ID ("name" "Postbell")
            S: a OK ...
            C: b ID NIL
            S: * ID ("name" "Postbell")
            S: b OK ...
            C: c ID ()
            S: * ID ("name" "Postbell")
            S: c OK ...
            C: d ID ("name")
            S: d BAD ...
            C: e ID
            S: e BAD The command ends too early (at byte 5)
            """);
    }
}
