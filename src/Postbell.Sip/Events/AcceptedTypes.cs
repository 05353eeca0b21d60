using Postbell.Sip.Messages;

namespace Postbell.Sip.Events;

/// <summary>What the Accept headers of a request let in (RFC 3261 section 20.1).</summary>
internal static class AcceptedTypes
{
    /// <summary>True when the peer takes bodies of this type, or does not say what it takes.</summary>
    public static bool Include(SipRequest request, string type)
    {
        if (!request.Headers.Contains("Accept"))
        {
            return true;
        }

        var group = type[..(type.IndexOf('/') + 1)] + "*";
        foreach (var value in request.Headers.GetValues("Accept"))
        {
            var range = value.Split(';', 2)[0].Trim();
            if (range == "*/*" || range.Equals(type, StringComparison.OrdinalIgnoreCase) || range.Equals(group, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
