using System.Globalization;
using System.Net;

namespace Postbell.Bench.MailLoad;

/// <summary>A server to be measured, with people bench001, bench002 ... who all have one password.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Imap">IMAP in the clear.</param>
/// <param name="Lmtp">LMTP.</param>
/// <param name="Domain">What stands behind the @ of the recipients.</param>
/// <param name="Root">The process all others of the server come from.</param>
/// <param name="People">How many there are.</param>
internal sealed record MailTarget(string Name, IPEndPoint Imap, IPEndPoint Lmtp, string Domain, int Root, int People)
{
    public const string Password = "bench-password-1";

    public static MailTarget Of(Arguments arguments) => new(
        arguments.Text("server") ?? "server", arguments.EndPoint("imap"), arguments.EndPoint("lmtp"), arguments.Text("domain") ?? "localhost",
        (int)arguments.Number("root", 0), (int)arguments.Number("people", 50));

    public string User(int number) => string.Create(CultureInfo.InvariantCulture, $"bench{(number % People) + 1:000}");

    public string Address(int number) => $"{User(number)}@{Domain}";

    public Task<ImapClient> LoginAsync(int number, int buffer = 64 * 1024, IPAddress? from = null) => ImapClient.LoginAsync(Imap, User(number), Password, buffer, from);
}
