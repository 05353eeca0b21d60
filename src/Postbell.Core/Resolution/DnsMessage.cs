namespace Postbell.Core.Resolution;

/// <summary>A response as it came (RFC 1035 section 4).</summary>
/// <param name="Id">Number of the query it answers.</param>
/// <param name="Code">Response code with the extension of EDNS0: 0 is good, 3 is "no such name".</param>
/// <param name="IsTruncated">More was to be said than fits: ask again over TCP.</param>
/// <param name="Name">Name that was asked for, lower-case, without the last dot.</param>
/// <param name="Type">Type that was asked for.</param>
/// <param name="Answers">Records of the answer that are understood.</param>
/// <param name="Authorities">Records of the authority section that are understood.</param>
internal sealed record DnsMessage(
    ushort Id, int Code, bool IsTruncated, string Name, DnsRecordType Type, IReadOnlyList<DnsRecord> Answers, IReadOnlyList<DnsRecord> Authorities)
{
    /// <summary>No error.</summary>
    public const int NoError = 0;

    /// <summary>The server could not read the query.</summary>
    public const int FormatError = 1;

    /// <summary>The name does not exist.</summary>
    public const int NameError = 3;
}
