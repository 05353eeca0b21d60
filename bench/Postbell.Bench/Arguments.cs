using System.Globalization;
using System.Net;

namespace Postbell.Bench;

/// <summary>The words of the command line: one command, then --name value pairs.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);

    public Arguments(string[] words)
    {
        Command = words.Length > 0 ? words[0] : "";
        for (var i = 1; i < words.Length; i++)
        {
            if (words[i].StartsWith("--", StringComparison.Ordinal))
            {
                var alone = i + 1 == words.Length || words[i + 1].StartsWith("--", StringComparison.Ordinal);
                _named[words[i][2..]] = alone ? "yes" : words[++i];
            }
            else
            {
                Plain.Add(words[i]);
            }
        }
    }

    public string Command { get; }

    public List<string> Plain { get; } = [];

    public bool Has(string name) => _named.ContainsKey(name);

    public string? Text(string name) => _named.GetValueOrDefault(name);

    public double Number(string name, double otherwise) => _named.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public TimeSpan Seconds(string name, double otherwise) => TimeSpan.FromSeconds(Number(name, otherwise));

    public IPEndPoint EndPoint(string name)
    {
        var end = IPEndPoint.Parse(Text(name) ?? throw new ArgumentException($"--{name} is missing"));
        // A generator that could be pointed elsewhere would be a weapon.
        return IPAddress.IsLoopback(end.Address) ? end : throw new ArgumentException($"--{name}: only loopback addresses, not {end}");
    }
}
