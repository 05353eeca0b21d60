using System.Globalization;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>
/// The way a call took (RFC 7044): one entry for each address it was sent to, with an index whose dots show who sent it on. Entries that cannot be
/// read are left where they are and never numbered after.
/// </summary>
/// <param name="Uri">The address, without the escaped headers.</param>
/// <param name="Index">For instance <c>1.2.1</c>.</param>
/// <param name="Reason">Why the call left this address, or null.</param>
/// <param name="Tag">How the address was found: <c>rc</c>, <c>mp</c> or <c>np</c> with the index it came from, for instance <c>mp=1.1</c>; null when it is not said.</param>
public sealed record HistoryInfo(SipUri Uri, string Index, SipReason? Reason = null, string? Tag = null)
{
    private const string Header = "History-Info";
    private const int LongestIndex = 64;

    /// <summary>The header line.</summary>
    public SipHeader ToHeader() => new(Header, ToString());

    /// <summary>The wire form: the reason as an escaped header of the URI.</summary>
    public override string ToString()
    {
        var reason = Reason is null ? "" : "?Reason=" + System.Uri.EscapeDataString(Reason.ToString());
        return $"<{Uri}{reason}>;index={Index}{(Tag is null ? "" : ";" + Tag)}";
    }

    /// <summary>The readable entries of a message, in order.</summary>
    public static IReadOnlyList<HistoryInfo> AllOf(SipHeaders headers)
    {
        var entries = new List<HistoryInfo>();
        foreach (var value in headers.GetValues(Header))
        {
            if (NameAddress.TryParse(value, out var address) && address.Parameters["index"] is { } index && IsIndex(index))
            {
                var escaped = address.Uri.Headers.FirstOrDefault(header => header.Name.Equals("Reason", StringComparison.OrdinalIgnoreCase)).Value;
                SipReason? reason = null;
                _ = escaped is not null && SipReason.TryParse(escaped, out reason);
                entries.Add(new HistoryInfo(address.Uri.WithParameters(address.Uri.Parameters), index, reason, TagOf(address)));
            }
        }

        return entries;
    }

    /// <summary>The entry for a call that is sent on from the last entry: one level below it, found by mapping (<c>mp</c>) of that address to another.</summary>
    /// <param name="last">The last entry of the call that came.</param>
    /// <param name="target">Where the call goes.</param>
    public static HistoryInfo SentOn(HistoryInfo last, SipUri target) => new(target, last.Index + ".1", null, "mp=" + last.Index);

    /// <summary>
    /// Adds to a call of ours that a response sent elsewhere: the last entry gets the response as its reason, the next one follows at its level
    /// (section 10.3). A call without history stays without.
    /// </summary>
    internal static void Redirected(SipHeaders headers, SipUri target, SipResponse response)
    {
        if (AllOf(headers) is not [.., var last])
        {
            return;
        }

        var values = headers.GetValues(Header).ToList();
        headers.Remove(Header);
        foreach (var value in values.SkipLast(1))
        {
            headers.Add(Header, value);
        }

        headers.Add(Header, (last with { Reason = last.Reason ?? new SipReason("SIP", response.Status) }).ToString());
        headers.Add(Header, new HistoryInfo(target, NextOf(last.Index), null, "mp=" + last.Index).ToString());
    }

    private static string NextOf(string index)
    {
        var dot = index.LastIndexOf('.');
        return string.Create(CultureInfo.InvariantCulture, $"{index[..(dot + 1)]}{int.Parse(index.AsSpan(dot + 1), CultureInfo.InvariantCulture) + 1}");
    }

    private static string? TagOf(NameAddress address) =>
        address.Parameters.FirstOrDefault(parameter => parameter.Name is "rc" or "mp" or "np") is { Name: not null } tag && tag.Value is { } value && IsIndex(value)
            ? $"{tag.Name}={value}"
            : null;

    private static bool IsIndex(string text) =>
        text.Length is > 0 and <= LongestIndex && text.Split('.').All(part => part.Length <= 6 && SipSyntax.IsDigits(part));
}
