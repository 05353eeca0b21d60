using Postbell.Server.Commands;
using Postbell.Server.Hosting;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

public sealed class DataFolderTests
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void A_second_server_on_the_same_folder_is_refused_with_the_first_ones_process()
    {
        using var place = new TemporaryDirectory();
        using var first = DataFolder.Open(place);
        Should.Throw<CommandFailedException>(() => DataFolder.Open(place)).Message
            .ShouldBe($"another server (process {Environment.ProcessId}) already uses the data folder {place.Path}");
    }

    [Fact]
    public void The_folder_is_free_again_afterwards()
    {
        using var place = new TemporaryDirectory();
        DataFolder.Open(place).Dispose();
        DataFolder.Open(place).Dispose();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_line()
    {
        using var place = new TemporaryDirectory();
        File.WriteAllText(place.File("file"), "");
        Should.Throw<CommandFailedException>(() => DataFolder.Open(place.File("file/data"))).Message.ShouldStartWith("cannot use the data folder");
    }

    [Fact]
    public void What_is_made_is_closed_to_others()
    {
        using var place = new TemporaryDirectory();
        using var folder = DataFolder.Open(place.File("data"));
        File.GetUnixFileMode(folder.Layout.Root).ShouldBe(OwnerReadWrite | UnixFileMode.UserExecute);
        var token = AdminToken.ReadOrCreate(folder.Layout);
        DemoPeople.ReadOrCreate(folder.Layout);
        ServerCertificate.ReadOrCreate(folder.Layout, TimeProvider.System).Dispose();
        foreach (var secret in new[] { folder.Layout.AdminToken, folder.Layout.DemoPeople, folder.Layout.OwnCertificate })
        {
            File.GetUnixFileMode(secret).ShouldBe(OwnerReadWrite);
        }

        token.Value.Length.ShouldBe(43);
    }

    [Fact]
    public void Token_people_and_certificate_stay_the_same()
    {
        using var place = new TemporaryDirectory();
        var layout = new DataLayout(place);
        AdminToken.ReadOrCreate(layout).Value.ShouldBe(AdminToken.ReadOrCreate(layout).Value);
        DemoPeople.ReadOrCreate(layout).People.ShouldBe(DemoPeople.ReadOrCreate(layout).People);
        using var first = ServerCertificate.ReadOrCreate(layout, TimeProvider.System);
        using var second = ServerCertificate.ReadOrCreate(layout, TimeProvider.System);
        second.Thumbprint.ShouldBe(first.Thumbprint);
        second.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public void A_certificate_about_to_run_out_is_made_anew()
    {
        using var place = new TemporaryDirectory();
        var layout = new DataLayout(place);
        using var first = ServerCertificate.ReadOrCreate(layout, TimeProvider.System);
        var later = new ManualTime(new DateTimeOffset(first.NotAfter.ToUniversalTime(), TimeSpan.Zero) - TimeSpan.FromDays(10));
        using var second = ServerCertificate.ReadOrCreate(layout, later);
        second.Thumbprint.ShouldNotBe(first.Thumbprint);
    }

    [Fact]
    public void A_changed_password_of_a_demo_person_is_remembered()
    {
        using var place = new TemporaryDirectory();
        var layout = new DataLayout(place);
        DemoPeople.ReadOrCreate(layout).Remember("ANNA", password: "a new password");
        DemoPeople.ReadOrCreate(layout).Remember("stranger", password: "another");
        var people = DemoPeople.ReadOrCreate(layout).People;
        people[0].Password.ShouldBe("a new password");
        people.Count.ShouldBe(5);
    }
}
