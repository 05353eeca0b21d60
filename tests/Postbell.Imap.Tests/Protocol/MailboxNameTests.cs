using System.Text;
using Postbell.Imap.Protocol;

namespace Postbell.Imap.Tests.Protocol;

public sealed class MailboxNameTests
{
    [Theory]
    [InlineData("Sent", "Sent")]
    [InlineData("Tom & Jerry", "Tom &- Jerry")]
    [InlineData("Größe", "Gr&APYA3w-e")]
    [InlineData("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-")]
    [InlineData("a😀b", "a&2D3eAA-b")]
    [InlineData("é", "&AOk-")]
    public void Names_go_to_modified_UTF7_and_back(string name, string wire)
    {
        MailboxName.Encode(name).ShouldBe(wire);
        MailboxName.TryDecode(Encoding.ASCII.GetBytes(wire), utf8: false, out var back).ShouldBeTrue();
        back.ShouldBe(name);
    }

    [Fact]
    public void Raw_UTF8_is_taken_as_it_is()
    {
        MailboxName.TryDecode("Größe"u8, utf8: false, out var name).ShouldBeTrue();
        name.ShouldBe("Größe");
    }

    [Theory]
    [InlineData("&")]
    [InlineData("&AOk")]
    [InlineData("&A-")]
    [InlineData("&AOl-")]
    [InlineData("&2D0-")]
    [InlineData("&AAo-")]
    [InlineData("&*Ok-")]
    [InlineData("a\u0001")]
    [InlineData("a\u007f")]
    [InlineData("\u00ff")]
    public void Broken_names_are_refused(string wire) => MailboxName.TryDecode(Encoding.Latin1.GetBytes(wire), utf8: false, out _).ShouldBeFalse();

    [Fact]
    public void With_UTF8_nothing_is_shifted()
    {
        MailboxName.TryDecode("R&D &- Gr\u00f6\u00dfe"u8, utf8: true, out var name).ShouldBeTrue();
        name.ShouldBe("R&D &- Größe");
    }
}
