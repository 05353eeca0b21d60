namespace Postbell.Core.Resolution;

/// <summary>Kinds of records that are asked for or understood in answers; others are stepped over.</summary>
public enum DnsRecordType : ushort
{
    /// <summary>IPv4 address (RFC 1035).</summary>
    A = 1,

    /// <summary>Another name for the same thing (RFC 1035).</summary>
    Cname = 5,

    /// <summary>Start of a zone; says how long a "no" is good (RFC 2308).</summary>
    Soa = 6,

    /// <summary>Mail servers of a domain (RFC 5321 section 5).</summary>
    Mx = 15,

    /// <summary>IPv6 address (RFC 3596).</summary>
    Aaaa = 28,

    /// <summary>Servers of a service (RFC 2782).</summary>
    Srv = 33,

    /// <summary>Services of a domain (RFC 3403).</summary>
    Naptr = 35,

    /// <summary>Extension of the message itself (RFC 6891).</summary>
    Opt = 41,
}
