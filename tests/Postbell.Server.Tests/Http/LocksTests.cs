using System.Text.Json;
using Postbell.Server.Tests.Hosting;

namespace Postbell.Server.Tests.Http;

public sealed class LocksTests
{
    [Fact]
    public async Task An_administrator_sees_locks_and_takes_them_away()
    {
        using var place = new TestKit.TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(place.File("data"));
        JsonSerializer.Deserialize<JsonElement>(await server.CommandAsync(null, "user", "locks", "--json")).GetProperty("locks").GetArrayLength().ShouldBe(0);
        (await server.CommandAsync(null, "user", "unlock", "1001")).ShouldBe("was not locked\n");
        (await server.CommandAsync(null, "user", "unlock", "--source", "192.0.2.9")).ShouldBe("was not locked\n");
        (await ServerProcess.RunAsync(null, "user", "unlock", "9999", "--data", server.Data)).Errors.ShouldStartWith("postbell: there is no user");
        (await ServerProcess.RunAsync(null, "user", "unlock", "--data", server.Data)).Code.ShouldBe(2);
        using var http = server.CreateClient(null);
        (await http.GetStringAsync("/metrics")).ShouldContain("um_sign_in_locks 0");
    }
}
