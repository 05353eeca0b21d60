using System.CommandLine;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary>
/// <c>postbell calls transfer CALL TARGET</c> sends the caller of a running call on, <c>postbell calls keys CALL KEYS</c> presses keys, <c>postbell calls hangup CALL</c>
/// ends it.
/// </summary>
internal static class CallOrderCommands
{
    private static readonly Argument<string> s_call = new("CALL") { Description = "id or SIP Call-ID of a running call" };

    /// <summary>The command <c>transfer</c>.</summary>
    public static Command CreateTransfer(Terminal terminal)
    {
        var target = new Argument<string>("TARGET") { Description = "extension of the call's dial plan, or a number of its numbering plan formats" };
        var attended = new Option<bool>("--attended") { Description = "call the target first, and join it with the caller once it answers" };
        var command = new Command("transfer", "has the gateway of a running call call somebody else, and leaves the call") { s_call, target, attended }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            var order = new CallOrder(parsed.GetRequiredValue(s_call), parsed.GetRequiredValue(target), parsed.GetValue(attended));
            await SendAsync(parsed, "transfer", order, cancellation);
            terminal.Out.WriteLine($"the caller was sent on to {order.Target}");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The command <c>keys</c>.</summary>
    public static Command CreateKeys()
    {
        var keys = new Argument<string>("KEYS") { Description = "0 to 9, *, #, A to D; a comma pauses for a second" };
        var command = new Command("keys", "presses keys toward the gateway of a running call, in the way its property dtmf says") { s_call, keys }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            await SendAsync(parsed, "keys", new CallOrder(parsed.GetRequiredValue(s_call), null, false, parsed.GetRequiredValue(keys)), cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The command <c>hangup</c>.</summary>
    public static Command CreateHangup()
    {
        var command = new Command("hangup", "ends a running call; what was recorded is kept") { s_call }.WithServer();
        command.SetAction(async (parsed, cancellation) =>
        {
            await SendAsync(parsed, "hangup", new CallOrder(parsed.GetRequiredValue(s_call), null, false), cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task SendAsync(ParseResult parsed, string what, CallOrder order, CancellationToken cancellation)
    {
        using var server = parsed.Connect();
        await server.SendJsonAsync(HttpMethod.Post, $"api/v1/calls/{what}", order, cancellation);
    }
}
