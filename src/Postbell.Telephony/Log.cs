using Microsoft.Extensions.Logging;
using Postbell.Core;

namespace Postbell.Telephony;

/// <summary>Every log text of telephony.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Call {Call} from {Caller} for {Called} through {Gateway}, Call-ID {CallId}")]
    public static partial void CallStarted(ILogger log, TraceId call, string caller, string called, string gateway, string callId);

    [LoggerMessage(2, LogLevel.Information, "Call {Call} ended by {End} after {Seconds:F1} s: {Result}")]
    public static partial void CallEnded(ILogger log, TraceId call, string end, double seconds, string result);

    [LoggerMessage(30, LogLevel.Information, "Call {Call} sounded: {Quality}")]
    public static partial void CallQuality(ILogger log, TraceId call, string quality);

    [LoggerMessage(3, LogLevel.Information, "Call refused with {Status} ({Name}): {Text}; Call-ID {CallId} from {Source}")]
    public static partial void CallRefused(ILogger log, int status, string name, string text, string callId, string source);

    [LoggerMessage(4, LogLevel.Warning, "Call {Call}: the answer to our offer was not usable: {Reason}")]
    public static partial void BadAnswer(ILogger log, TraceId call, string reason);

    [LoggerMessage(5, LogLevel.Error, "Call {Call}: the message could not be submitted")]
    public static partial void NotSubmitted(ILogger log, TraceId call, Exception fault);

    [LoggerMessage(6, LogLevel.Error, "Call {Call} failed")]
    public static partial void CallFailed(ILogger log, TraceId call, Exception fault);

    [LoggerMessage(7, LogLevel.Warning, "Prompt {Prompt} in {Language} is not available, a tone is played instead: {Reason}")]
    public static partial void PromptMissing(ILogger log, string prompt, string language, string reason);

    [LoggerMessage(8, LogLevel.Warning, "The recorded greeting of account {Account} could not be used, the generated one is played instead")]
    public static partial void GreetingUnusable(ILogger log, long account, Exception fault);

    [LoggerMessage(9, LogLevel.Warning, "The lamp of {Extension} could not be set through any gateway ({Reason}); it is tried until it can be")]
    public static partial void LampNotSet(ILogger log, string extension, string reason);

    [LoggerMessage(10, LogLevel.Warning, "Call {Call}: the ledger step {Step} was not written")]
    public static partial void LedgerStepLost(ILogger log, TraceId call, string step, Exception fault);

    [LoggerMessage(11, LogLevel.Error, "Lamp of account {Account}: the store could not be read")]
    public static partial void LampUnknown(ILogger log, long account, Exception fault);

    [LoggerMessage(12, LogLevel.Error, "A lamp notification failed")]
    public static partial void LampFailed(ILogger log, Exception fault);

    [LoggerMessage(14, LogLevel.Error, "The call with Call-ID {CallId} could not be opened")]
    public static partial void CallNotOpened(ILogger log, string callId, Exception fault);

    [LoggerMessage(15, LogLevel.Error, "Call {Call}: the recording could not begin")]
    public static partial void RecordingRefused(ILogger log, TraceId call, Exception fault);

    [LoggerMessage(16, LogLevel.Warning, "The recorded greeting of account {Account} could not be read in time, the generated one is played instead")]
    public static partial void GreetingNotRead(ILogger log, long account, Exception fault);

    [LoggerMessage(31, LogLevel.Information, "Call {Call} to {Number} through {Gateway} begins, Call-ID {CallId}")]
    public static partial void OutboundCallBegan(ILogger log, TraceId call, string number, string gateway, string callId);

    [LoggerMessage(32, LogLevel.Information, "Call {Call} to {Number} ended by {End}: {Result}")]
    public static partial void OutboundCallEnded(ILogger log, TraceId call, string number, string end, string result);

    [LoggerMessage(33, LogLevel.Warning, "No call to {Number} through {Gateway}: {Refusal}")]
    public static partial void OutboundCallRefused(ILogger log, string number, string gateway, string refusal);

    [LoggerMessage(18, LogLevel.Warning, "Gateway {Gateway}: {HostName} cannot be looked up, {Problem}; {Known} addresses of before stay in use")]
    public static partial void GatewayNotFound(ILogger log, string gateway, string hostName, string problem, int known);

    [LoggerMessage(19, LogLevel.Information, "Gateway {Gateway}: {HostName} is at {Addresses}")]
    public static partial void GatewayFound(ILogger log, string gateway, string hostName, string addresses);

    [LoggerMessage(60, LogLevel.Warning, "Call {Call}: whether the mailbox is full could not be found out; the caller may speak")]
    public static partial void QuotaUnknown(ILogger log, TraceId call, Exception fault);

    [LoggerMessage(61, LogLevel.Information, "Text message {Message} from {Sender} for {Recipient} through {Gateway}, {Characters} characters, Call-ID {CallId}")]
    public static partial void TextTaken(ILogger log, TraceId message, string sender, string recipient, string gateway, int characters, string callId);

    [LoggerMessage(62, LogLevel.Information, "Text message refused with {Status} ({Name}); Call-ID {CallId} from {Source}")]
    public static partial void TextRefused(ILogger log, int status, string name, string callId, string source);

    [LoggerMessage(63, LogLevel.Error, "The text message with Call-ID {CallId} could not be taken")]
    public static partial void TextNotTaken(ILogger log, string callId, Exception fault);

    [LoggerMessage(64, LogLevel.Warning, "Whether the mailbox is full could not be found out; the text message with Call-ID {CallId} is taken")]
    public static partial void TextQuotaUnknown(ILogger log, string callId, Exception fault);

    [LoggerMessage(17, LogLevel.Error, "{Calls} calls had not ended {Seconds} s after the hang-up; what they said is delivered at the next start")]
    public static partial void CallsLeft(ILogger log, int calls, double seconds);
}
