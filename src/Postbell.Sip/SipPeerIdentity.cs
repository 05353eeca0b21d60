using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Postbell.Sip;

/// <summary>
/// The names a peer's certificate carries (RFC 5922 section 7.1): host names and SIP domains of the subject alternative name, or the common name of
/// the subject where there are none. Made only of certificates whose chain was verified.
/// </summary>
public sealed class SipPeerIdentity
{
    private const string AlternativeNameOid = "2.5.29.17";
    private const string CommonNameOid = "2.5.4.3";
    private static readonly Asn1Tag s_dnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag s_address = new(TagClass.ContextSpecific, 7);

    /// <summary>Puts an identity together from names and addresses.</summary>
    public SipPeerIdentity(IEnumerable<string> names, IEnumerable<IPAddress>? addresses = null) =>
        (Names, Addresses) = ([.. names], [.. addresses ?? []]);

    /// <summary>Host names; those of the alternative name may begin with <c>*.</c></summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>IP addresses of the alternative name.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>A name without wildcard, to ask for the same peer again; null when there is none.</summary>
    public string? PrimaryName => Names.FirstOrDefault(name => !name.StartsWith('*'));

    /// <summary>Reads a certificate. Names that cannot be read are not there.</summary>
    public static SipPeerIdentity Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        var addresses = new List<IPAddress>();
        if (certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == AlternativeNameOid) is { } alternative)
        {
            ReadAlternativeNames(alternative.RawData, names, addresses);
        }

        // A wildcard in the subject names nobody; in the alternative name it stands for one label.
        if (names.Count == 0 && addresses.Count == 0 && CommonName(certificate) is { } common && !common.Contains('*', StringComparison.Ordinal))
        {
            names.Add(common);
        }

        return new SipPeerIdentity(names, addresses);
    }

    /// <summary>True when the certificate is good for this host name. Letter case does not matter; <c>*.example.com</c> covers <c>a.example.com</c> alone.</summary>
    public bool Covers(string hostName)
    {
        var wanted = hostName.TrimEnd('.');
        return wanted.Length > 0 && Names.Any(name => Covers(name.TrimEnd('.'), wanted));
    }

    private static bool Covers(string name, string wanted)
    {
        if (!name.StartsWith("*.", StringComparison.Ordinal))
        {
            return name.Equals(wanted, StringComparison.OrdinalIgnoreCase);
        }

        var label = wanted.IndexOf('.', StringComparison.Ordinal);
        // "*.com" is nobody's.
        return label > 0 && name.AsSpan(2).Contains('.') && wanted.AsSpan(label).Equals(name.AsSpan(1), StringComparison.OrdinalIgnoreCase);
    }

    private static void ReadAlternativeNames(byte[] extension, List<string> names, List<IPAddress> addresses)
    {
        try
        {
            var entries = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (entries.HasData)
            {
                var tag = entries.PeekTag();
                if (tag.HasSameClassAndValue(s_dnsName))
                {
                    names.Add(entries.ReadCharacterString(UniversalTagNumber.IA5String, s_dnsName));
                }
                else if (tag.HasSameClassAndValue(s_uri))
                {
                    AddDomain(entries.ReadCharacterString(UniversalTagNumber.IA5String, s_uri), names);
                }
                else if (tag.HasSameClassAndValue(s_address) && entries.ReadOctetString(s_address) is { Length: 4 or 16 } address)
                {
                    addresses.Add(new IPAddress(address));
                }
                else if (!tag.HasSameClassAndValue(s_address))
                {
                    entries.ReadEncodedValue();
                }
            }
        }
        catch (Exception fault) when (fault is AsnContentException or CryptographicException)
        {
            // A name that follows bytes nobody can read is no proof of anything; those before it were whole.
        }
    }

    // RFC 5922 section 7.1: only a sip URI without user part names a domain.
    private static void AddDomain(string uri, List<string> names)
    {
        if (Messages.SipUri.TryParse(uri, out var parsed) && parsed is { IsSip: true, User: null, Host.Length: > 0 } && !parsed.Host.Contains('*', StringComparison.Ordinal))
        {
            names.Add(parsed.Host);
        }
    }

    private static string? CommonName(X509Certificate2 certificate)
    {
        try
        {
            foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
            {
                if (!part.HasMultipleElements && part.GetSingleElementType().Value == CommonNameOid)
                {
                    return part.GetSingleElementValue();
                }
            }
        }
        catch (CryptographicException)
        {
            // A subject that is no name names nobody.
        }

        return null;
    }
}
