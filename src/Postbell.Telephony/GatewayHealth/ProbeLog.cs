using Microsoft.Extensions.Logging;

namespace Postbell.Telephony.GatewayHealth;

internal static partial class ProbeLog
{
    [LoggerMessage(40, LogLevel.Warning, "Gateway {Gateway} is down: {Why}")]
    public static partial void Down(ILogger log, string gateway, string why);

    [LoggerMessage(41, LogLevel.Information, "Gateway {Gateway} is up: it answers within {Milliseconds} ms")]
    public static partial void Up(ILogger log, string gateway, long milliseconds);
}
