using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Postbell.Directory;

/// <summary>
/// How a gateway is known: by its source address (one IP address, a range in CIDR notation, or the word <c>loopback</c>: 127.0.0.0/8 and ::1), by a host
/// name (its addresses, or over TLS its certificate), or by credentials alone (the word <c>any</c>).
/// </summary>
public sealed class GatewayAddress : IEquatable<GatewayAddress>
{
    private const string LoopbackWord = "loopback";
    private const string AnyWord = "any";

    private readonly string _text;

    private GatewayAddress(string text, IPAddress? host, int prefixLength, params IPNetwork[] networks)
    {
        _text = text;
        Host = host;
        PrefixLength = prefixLength;
        Networks = networks;
    }

    /// <summary>Every address of this host itself.</summary>
    public static GatewayAddress Loopback { get; } = new(
        LoopbackWord,
        IPAddress.Loopback,
        8,
        new IPNetwork(new IPAddress([127, 0, 0, 0]), 8),
        new IPNetwork(IPAddress.IPv6Loopback, 128));

    /// <summary>Wherever it comes from: known by its credentials alone.</summary>
    public static GatewayAddress Any { get; } = new(AnyWord, host: null, prefixLength: 0);

    /// <summary>The fully qualified host name, lower-case; null for addresses.</summary>
    public string? HostName { get; private init; }

    /// <summary>The one address requests are sent to: the address itself, 127.0.0.1 for <c>loopback</c>, null for a range or a name.</summary>
    public IPAddress? Host { get; }

    /// <summary>Leading bits that must match; the gateway with the most wins where several contain an address.</summary>
    public int PrefixLength { get; }

    /// <summary>True for <see cref="Any"/>.</summary>
    public bool IsAny => ReferenceEquals(this, Any);

    /// <summary>The address ranges; none for a name or <c>any</c>.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; }

    /// <summary>Reads the written form; false for anything else, also for a range with bits set behind its prefix.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out GatewayAddress? address)
    {
        address = null;
        if (text.Equals(LoopbackWord, StringComparison.OrdinalIgnoreCase))
        {
            address = Loopback;
        }
        else if (text.Equals(AnyWord, StringComparison.OrdinalIgnoreCase))
        {
            address = Any;
        }
        else if (text.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(text, out var network)
            && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)), out var first) && first.Equals(network.BaseAddress))
        {
            address = new GatewayAddress(network.ToString(), host: null, network.PrefixLength, network);
        }
        else if (IsWholeAddress(text) && IPAddress.TryParse(text, out var host))
        {
            host = Unmap(host);
            var bits = host.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
            address = new GatewayAddress(host.ToString(), host, bits, new IPNetwork(host, bits));
        }

        else if (IsFullyQualifiedName(text))
        {
            var name = text.ToLowerInvariant();
            address = new GatewayAddress(name, host: null, prefixLength: 0) { HostName = name };
        }

        return address is not null;
    }

    /// <summary>True when <paramref name="source"/> is one of the gateway's addresses; IPv4 addresses in IPv6 form count as IPv4.</summary>
    public bool Contains(IPAddress source)
    {
        source = Unmap(source);
        foreach (var network in Networks)
        {
            if (network.Contains(source))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public bool Equals(GatewayAddress? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as GatewayAddress);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>The written form.</summary>
    public override string ToString() => _text;

    internal static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    // At least two labels; the last one not a number, or it would be a mistyped address.
    private static bool IsFullyQualifiedName(string text)
    {
        var labels = text.Split('.');
        return text.Length <= 253 && labels.Length >= 2 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    // IPAddress.Parse takes "10.1" and "167772161" for IPv4 addresses; in a configuration they are mistakes.
    private static bool IsWholeAddress(string text) =>
        text.Contains(':', StringComparison.Ordinal) || text.AsSpan().Count('.') == 3;
}
