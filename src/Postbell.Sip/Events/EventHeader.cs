using Postbell.Sip.Messages;

namespace Postbell.Sip.Events;

/// <summary>The value of an Event header (RFC 6665 section 8.2.1): the package, and the id that tells subscriptions of one dialog apart.</summary>
/// <param name="Package">Name of the package.</param>
/// <param name="Id">The id; null where there is none.</param>
internal readonly record struct EventHeader(string Package, string? Id)
{
    /// <summary>Reads the header of a request; false when it is missing, there twice or malformed.</summary>
    public static bool TryRead(SipRequest request, out EventHeader value)
    {
        value = default;
        if (request.Headers.CountOf("Event") != 1)
        {
            return false;
        }

        var text = request.Headers["Event"]!;
        var end = text.IndexOf(';');
        var name = (end < 0 ? text : text[..end]).Trim();
        if (!Parsing.SipSyntax.IsToken(name) || !SipParameters.TryParse(end < 0 ? "" : text.AsSpan(end), out var parameters))
        {
            return false;
        }

        value = new EventHeader(name, parameters["id"]);
        return true;
    }

    /// <summary>True for the same subscription.</summary>
    public bool Names(EventHeader other) =>
        Package.Equals(other.Package, StringComparison.OrdinalIgnoreCase) && string.Equals(Id, other.Id, StringComparison.Ordinal);

    /// <summary>The wire form.</summary>
    public override string ToString() => Id is null ? Package : $"{Package}{new SipParameters([new SipParameter("id", Id)])}";
}
