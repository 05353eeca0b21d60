using System.Net;

namespace Postbell.Core.Resolution;

/// <summary>One record of an answer.</summary>
/// <param name="Name">Owner, lower-case, without the last dot.</param>
/// <param name="Type">Kind.</param>
/// <param name="Seconds">How long it is good.</param>
public abstract record DnsRecord(string Name, DnsRecordType Type, uint Seconds);

/// <summary>A or AAAA.</summary>
public sealed record DnsAddressRecord(string Name, DnsRecordType Type, uint Seconds, IPAddress Address) : DnsRecord(Name, Type, Seconds);

/// <summary>CNAME.</summary>
public sealed record DnsAliasRecord(string Name, uint Seconds, string Target) : DnsRecord(Name, DnsRecordType.Cname, Seconds);

/// <summary>SRV; an empty target says that the service is not to be had (RFC 2782).</summary>
public sealed record DnsServiceRecord(string Name, uint Seconds, ushort Priority, ushort Weight, ushort Port, string Target)
    : DnsRecord(Name, DnsRecordType.Srv, Seconds);

/// <summary>MX; an empty host says that the domain takes no mail (RFC 7505).</summary>
public sealed record DnsMailRecord(string Name, uint Seconds, ushort Preference, string Host) : DnsRecord(Name, DnsRecordType.Mx, Seconds);

/// <summary>NAPTR, without its regular expression, which SIP does not use (RFC 3263 section 4.1).</summary>
public sealed record DnsPointerRecord(string Name, uint Seconds, ushort Order, ushort Preference, string Flags, string Services, string Replacement)
    : DnsRecord(Name, DnsRecordType.Naptr, Seconds);

/// <summary>SOA: how long the zone's "no" is good.</summary>
public sealed record DnsAuthorityRecord(string Name, uint Seconds, uint Minimum) : DnsRecord(Name, DnsRecordType.Soa, Seconds);
