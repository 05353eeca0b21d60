using System.Net;
using System.Net.Sockets;

namespace Postbell.SignIn.Guarding;

/// <summary>What counts as one source, and as one network.</summary>
internal static class SourceNames
{
    /// <summary>One who tries: an IPv4 address, or an IPv6 network of 64 bits, of which one house has all addresses.</summary>
    public static string Source(string remote) => IPAddress.TryParse(remote, out var address) ? Cut(address, 32, 64) : Limited(remote);

    /// <summary>Where a person comes from again and again: the neighbourhood of an address (/24, /48), since providers change addresses within it.</summary>
    public static string Network(string remote) => IPAddress.TryParse(remote, out var address) ? Cut(address, 24, 48) : Limited(remote);

    /// <summary>True when the address lies in one of the ranges.</summary>
    public static bool IsIn(string remote, IReadOnlyList<IPNetwork> ranges) =>
        ranges.Count > 0 && IPAddress.TryParse(remote, out var address) && ranges.Any(range => range.Contains(Unmapped(address)));

    private static string Cut(IPAddress address, int bits4, int bits6)
    {
        address = Unmapped(address);
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? bits4 : bits6;
        var bytes = address.GetAddressBytes();
        if (bits == bytes.Length * 8)
        {
            return address.ToString();
        }

        bytes.AsSpan(bits / 8).Clear();
        return $"{new IPAddress(bytes)}/{bits}";
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string Limited(string text) => text.Length <= 100 ? text : text[..100];
}
