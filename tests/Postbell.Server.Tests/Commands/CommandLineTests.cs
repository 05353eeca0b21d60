using Postbell.Server.Commands;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("up", "--port-offset", "many")]
    [InlineData("up", "--port-offset", "60000")]
    [InlineData("up", "--port-offset", "-1")]
    [InlineData("serve")]
    [InlineData("user", "add", "1001")]
    [InlineData("user", "passwd")]
    [InlineData("call")]
    [InlineData("user", "greeting", "1001", "x.wav", "--kind", "loud")]
    [InlineData("user", "vacation", "1001", "--on", "--off")]
    [InlineData("user", "vacation", "1001", "--days", "3")]
    public async Task Wrong_usage_is_one_line_on_the_error_stream_and_exit_code_2(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.TrimEnd().ShouldStartWith("postbell: ");
        errors.TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public async Task Help_names_every_command_and_hides_the_worker()
    {
        var (code, output, _) = await RunAsync("--help");
        code.ShouldBe(0);
        foreach (var command in new[] { "up", "serve", "status", "doctor", "calls", "queue", "user", "mailbox", "trace", "call" })
        {
            output.ShouldContain($"  {command} ");
        }

        output.ShouldNotContain("speech-worker");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("calls")]
    [InlineData("queue")]
    [InlineData("trace")]
    [InlineData("user", "list")]
    [InlineData("mailbox", "1001")]
    public async Task Without_a_server_a_command_says_so_in_one_line_and_fails_with_1(params string[] arguments)
    {
        using var folder = new TemporaryDirectory();
        var (code, output, errors) = await RunAsync([.. arguments, "--data", folder]);
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldStartWith("postbell: no server runs on the data folder");
        errors.TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public async Task A_secret_is_no_argument_anywhere()
    {
        foreach (var command in new[] { "add", "passwd", "pin" })
        {
            var (_, output, _) = await RunAsync("user", command, "--help");
            output.ShouldContain("--stdin");
            output.ShouldNotContain("--password");
            output.ShouldNotContain("--pin ");
        }
    }

    [Fact]
    public async Task The_doctor_works_without_a_server_and_speaks_json()
    {
        using var folder = new TemporaryDirectory();
        var (code, output, _) = await RunAsync("doctor", "--data", folder, "--json");
        code.ShouldBe(0);
        using var report = System.Text.Json.JsonDocument.Parse(output);
        report.RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("name").GetString()).ShouldContain("open files");
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync(arguments, new Terminal(TextReader.Null, output, errors));
        return (code, output.ToString(), errors.ToString());
    }
}
