using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Postbell.Media;
using Postbell.Media.Playback;
using Postbell.Server.Tests.Hosting;

namespace Postbell.Server.Tests.Http;

public sealed class AdminInterfaceTests(RunningDemo demo)
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    public async Task Health_and_metrics_need_no_token(string path)
    {
        using var http = demo.Server.CreateClient(token: null);
        (await http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Without_the_token_nothing_under_api_answers(string? token)
    {
        using var http = demo.Server.CreateClient(token: null);
        if (token is not null)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        foreach (var path in new[] { "/api/v1/status", "/api/v1/users", "/API/v1/users", "/api/v1/nonsense" })
        {
            var response = await http.GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        }
    }

    [Fact]
    public async Task With_the_token_the_state_is_told()
    {
        using var http = demo.Server.CreateClient(demo.Server.Token);
        var status = await http.GetFromJsonAsync<JsonElement>("/api/v1/status");
        status.GetProperty("ready").GetBoolean().ShouldBeTrue();
        status.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ShouldContain("store");
    }

    [Fact]
    public async Task What_does_not_exist_is_a_problem_document()
    {
        using var http = demo.Server.CreateClient(demo.Server.Token);
        foreach (var path in new[] { "/api/v1/nonsense", "/api/v1/users/9999/mailbox" })
        {
            var response = await http.GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetInt32().ShouldBe(404);
        }
    }

    [Theory]
    [InlineData("""{"user":"x","name":"X","number":"12"}""", 400)]
    [InlineData("""{"user":"x","name":"X","number":"1001"}""", 409)]
    [InlineData("""{"user":"anna","name":"X","number":"1777"}""", 409)]
    [InlineData("""{"user":"x","name":"X","number":"1778","pin":"123456"}""", 400)]
    [InlineData("""{"user":"x","name":"X","number":"1778","password":"short"}""", 400)]
    [InlineData("""{"user":"x","name":"X","number":"1778","dial_plan":"Nowhere"}""", 400)]
    [InlineData("""{"user":"x","name":""", 400)]
    public async Task A_person_that_breaks_a_rule_is_refused_with_the_reason(string body, int status)
    {
        using var http = demo.Server.CreateClient(demo.Server.Token);
        using var content = new StringContent(body, null, "application/json");
        var response = await http.PostAsync("/api/v1/users", content);
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task People_are_added_and_get_secrets_from_the_command_line()
    {
        var server = demo.Server;
        var made = JsonSerializer.Deserialize<JsonElement>(await server.CommandAsync(null, "user", "add", "1900", "--name", "Zoë Zett", "--user", "zoe", "--json"));
        made.GetProperty("password").GetString()!.Length.ShouldBe(16);
        made.GetProperty("pin").GetString()!.Length.ShouldBe(6);
        (await server.CommandAsync(null, "user", "list")).ShouldContain("zoe");
        (await server.CommandAsync(null, "user", "passwd", "1900")).ShouldMatch(@"^1900: password \w{16}\n$");
        (await server.CommandAsync("a password of my own\n", "user", "passwd", "zoe", "--stdin")).ShouldBe("zoe: changed\n");
        (await server.CommandAsync("482913\n", "user", "pin", "zoe", "--stdin")).ShouldBe("zoe: changed\n");
        (await server.CommandAsync(null, "mailbox", "zoe")).ShouldContain("INBOX");
    }

    [Fact]
    public async Task A_greeting_is_uploaded_shown_and_removed()
    {
        var server = demo.Server;
        var wav = Path.Combine(server.Data, "hello.wav");
        await File.WriteAllBytesAsync(wav, WavWriter.Pcm16(Tone.Beep.ToPcm()));
        (await server.CommandAsync(null, "user", "greeting", "1004")).ShouldBe("david: no standard recording\n");
        (await server.CommandAsync(null, "user", "greeting", "1004", wav)).ShouldBe("david: standard, 0.4 s\n");
        (await server.CommandAsync(null, "user", "greeting", "1004")).ShouldBe("david: standard, 0.4 s\n");
        (await server.CommandAsync(null, "user", "greeting", "1004", "--remove")).ShouldBe("david: no standard recording\n");
    }

    [Fact]
    public async Task An_automatic_reply_is_switched_on_shown_and_switched_off()
    {
        var server = demo.Server;
        var file = Path.Combine(server.Data, "away.txt");
        await File.WriteAllTextAsync(file, "Back on Monday.");
        (await server.CommandAsync(null, "user", "vacation", "1004")).ShouldBe("david: no automatic reply\n");
        (await server.CommandAsync(null, "user", "vacation", "1004", "--on", "--text", file, "--until", "2099-01-05T08:00+00:00")).ShouldBe(
            "david: replies until 2099-01-05 08:00 +00:00, to the same sender once in 7 days\nsubject: Automatic reply: (that of the message)\nBack on Monday.\n");
        (await server.CommandAsync(null, "user", "vacation", "david", "--off")).ShouldStartWith("david: no automatic reply\n");
        var (code, _, errors) = await ServerProcess.RunAsync(null, "user", "vacation", "1004", "--on", "--days", "400", "--data", server.Data);
        code.ShouldBe(1);
        errors.ShouldBe("postbell: The same sender gets an automatic reply once in 1 to 365 days.\n");
    }

    [Fact]
    public async Task A_greeting_that_cannot_be_played_is_refused()
    {
        var file = Path.Combine(demo.Server.Data, "no.wav");
        await File.WriteAllTextAsync(file, "this is no recording");
        var (code, _, errors) = await ServerProcess.RunAsync(null, "user", "greeting", "1004", file, "--data", demo.Server.Data);
        code.ShouldBe(1);
        errors.ShouldStartWith("postbell: the recording cannot be played: ");
    }

    [Fact]
    public async Task Status_over_the_socket_needs_no_token_and_over_http_it_does()
    {
        (await demo.Server.CommandAsync(null, "status")).ShouldContain("ready");
        File.GetUnixFileMode(Path.Combine(demo.Server.Data, "admin.sock")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (code, _, errors) = await ServerProcess.RunAsync(null, "status", "--server", demo.Server.Web);
        code.ShouldBe(1);
        errors.ShouldContain("--token");
        var token = Path.Combine(demo.Server.Data, "admin.token");
        (await ServerProcess.RunAsync(null, "status", "--server", demo.Server.Web, "--token", token)).Code.ShouldBe(0);
    }
}
