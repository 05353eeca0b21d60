using Postbell.Server.Hosting;

namespace Postbell.Server.Commands;

/// <summary>The line <c>up --json</c> prints when the server is ready. Other programs read it: names and meaning stay; a door that is not there is null.</summary>
internal sealed record ReadyLine(
    bool Ready, string Sip, string? Sips, string Imap, string? Submission, string? Lmtp, string Web, IReadOnlyList<DemoPerson> People, string AdminToken)
{
    /// <summary>What is true of a running demo.</summary>
    public static ReadyLine Of(ServerParts parts) => new(
        Ready: true,
        parts.Configuration.Sip[0].ToString(),
        parts.Configuration.SipTls?.Listen[0].ToString(),
        parts.Configuration.Imap[0].ToString(),
        parts.Configuration.Smtp?.Submission[0].ToString(),
        parts.Configuration.Smtp?.Lmtp[0].ToString(),
        $"http://{parts.Configuration.Web[0]}",
        parts.Demo!.People,
        parts.Token.Value);
}
