using System.Net;
using System.Text.Json;

namespace Postbell.Interop.Tests.Server;

/// <summary>The line a server prints when it is ready (<c>up --json</c>).</summary>
public sealed record ReadyReport(IPEndPoint Sip, IPEndPoint Sips, IPEndPoint Imap, Uri Web, IReadOnlyList<DemoPerson> People)
{
    public DemoPerson Person(string number) =>
        People.SingleOrDefault(p => p.Number == number) ?? throw new InvalidOperationException($"nobody has the number {number}");

    /// <summary>The same with all ports higher by an offset.</summary>
    public ReadyReport At(int offset) => this with
    {
        Sip = new IPEndPoint(Sip.Address, Sip.Port + offset),
        Sips = new IPEndPoint(Sips.Address, Sips.Port + offset),
        Imap = new IPEndPoint(Imap.Address, Imap.Port + offset),
        Web = new UriBuilder(Web) { Port = Web.Port + offset }.Uri,
    };

    public static ReadyReport? TryRead(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (!root.TryGetProperty("ready", out var ready) || !ready.GetBoolean())
        {
            return null;
        }

        var people = root.GetProperty("people").EnumerateArray().Select(DemoPerson.Read).ToArray();
        return new ReadyReport(
            IPEndPoint.Parse(root.GetProperty("sip").GetString()!),
            IPEndPoint.Parse(root.GetProperty("sips").GetString()!),
            IPEndPoint.Parse(root.GetProperty("imap").GetString()!),
            new Uri(root.GetProperty("web").GetString()!),
            people);
    }
}

/// <summary>One of the people of the demo organization.</summary>
public sealed record DemoPerson(string Number, string Name, string User, string Password, string Pin)
{
    public static DemoPerson Read(JsonElement e) => new(
        e.GetProperty("number").GetString()!,
        e.GetProperty("name").GetString()!,
        e.GetProperty("user").GetString()!,
        e.GetProperty("password").GetString()!,
        e.GetProperty("pin").GetString()!);
}
