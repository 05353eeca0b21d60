using System.Globalization;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Dialogs;

/// <summary>
/// The addresses a call was sent on to (RFC 3261 section 8.1.3.4): best first, none twice, only so many, only where the caller's rule allows.
/// </summary>
/// <param name="first">The address the call was sent to at first.</param>
/// <param name="allow">The rule; null follows nothing.</param>
/// <param name="most">Most addresses besides the first.</param>
internal sealed class RedirectTargets(SipUri first, Func<SipUri, SipDestination?>? allow, int most)
{
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase) { NameOf(first) };
    private readonly List<(SipUri Uri, SipDestination To, double Weight)> _waiting = [];
    private int _tried;

    /// <summary>Takes the Contacts of a 3xx response. 305 and 380 name no other address of the called party and are not followed.</summary>
    public void Add(SipResponse response)
    {
        if (allow is null || response.IsLocal || response.Status is not (300 or 301 or 302))
        {
            return;
        }

        foreach (var text in response.Headers.GetValues("Contact"))
        {
            // Headers and a method in the URI are the redirecting side's wish to shape our request: they are left out.
            if (_waiting.Count >= most || !NameAddress.TryParse(text, out var contact) || !contact.Uri.IsSip)
            {
                continue;
            }

            var uri = contact.Uri.WithParameters(contact.Uri.Parameters.Without("method"));
            if (_seen.Add(NameOf(uri)) && allow(uri) is { } to)
            {
                _waiting.Add((uri, to, WeightOf(contact)));
            }
        }

        // A stable order: the sort of LINQ keeps what has the same weight as it came.
        var ordered = _waiting.OrderByDescending(target => target.Weight).ToList();
        _waiting.Clear();
        _waiting.AddRange(ordered);
    }

    /// <summary>The next address; null when there is none left.</summary>
    public (SipUri Uri, SipDestination To)? Next()
    {
        if (_waiting.Count == 0 || _tried >= most)
        {
            return null;
        }

        _tried++;
        var next = _waiting[0];
        _waiting.RemoveAt(0);
        return (next.Uri, next.To);
    }

    private static double WeightOf(NameAddress contact) =>
        double.TryParse(contact.Parameters["q"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? Math.Clamp(q, 0, 1) : 1;

    private static string NameOf(SipUri uri) => $"{uri.Scheme}:{uri.User}@{uri.Host}:{uri.Port?.ToString(CultureInfo.InvariantCulture)};{uri.Parameters["transport"]}";
}
