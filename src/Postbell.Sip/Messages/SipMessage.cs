namespace Postbell.Sip.Messages;

/// <summary>
/// A request or response. Not changed after it was received or handed over for sending. The typed properties read their header once and keep
/// the result; on a received message the mandatory ones always succeed, since messages without them are refused before.
/// </summary>
public abstract class SipMessage
{
    private NameAddress? _from;
    private NameAddress? _to;
    private NameAddress? _contact;
    private SipCSeq? _cseq;
    private IReadOnlyList<SipVia>? _vias;

    private protected SipMessage(SipHeaders headers, ReadOnlyMemory<byte> body)
    {
        Headers = headers;
        Body = body;
    }

    /// <summary>All headers.</summary>
    public SipHeaders Headers { get; }

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>From.</summary>
    /// <exception cref="FormatException">The header is missing or malformed (only on messages made by code).</exception>
    public NameAddress From => _from ??= TryAddress("From") ?? throw Missing("From");

    /// <summary>To.</summary>
    /// <exception cref="FormatException">The header is missing or malformed (only on messages made by code).</exception>
    public NameAddress To => _to ??= TryAddress("To") ?? throw Missing("To");

    /// <summary>The first Contact, or null when there is none or it is unreadable.</summary>
    public NameAddress? Contact => _contact ??= Headers.GetValues("Contact").FirstOrDefault() is { } text && NameAddress.TryParse(text, out var contact) ? contact : null;

    /// <summary>Call-ID.</summary>
    public string CallId => Headers["Call-ID"] ?? throw Missing("Call-ID");

    /// <summary>CSeq.</summary>
    /// <exception cref="FormatException">The header is missing or malformed (only on messages made by code).</exception>
    public SipCSeq CSeq => _cseq ??= SipCSeq.TryParse(Headers["CSeq"], out var cseq) ? cseq : throw Missing("CSeq");

    /// <summary>The readable Via values, top-most first.</summary>
    public IReadOnlyList<SipVia> Vias => _vias ??= ReadVias();

    /// <summary>Media type of the body without parameters, lower-case; null when there is no Content-Type.</summary>
    public string? ContentType
    {
        get
        {
            var text = Headers["Content-Type"];
            return text is null ? null : text.Split(';', 2)[0].Trim().ToLowerInvariant();
        }
    }

    /// <summary>
    /// The session description in the body: the body itself when it is application/sdp, or the first such part of a multipart body. Empty
    /// when there is none, also when there is a body of another type that may be ignored.
    /// </summary>
    public ReadOnlyMemory<byte> SessionDescription => ContentType switch
    {
        "application/sdp" => Body,
        { } type when type.StartsWith("multipart/", StringComparison.Ordinal) => MultipartBody.Find(Body, Headers["Content-Type"]!, "application/sdp"),
        _ => default,
    };

    /// <summary>Max-Forwards, or null when absent.</summary>
    public int? MaxForwards => int.TryParse(Headers["Max-Forwards"], System.Globalization.NumberStyles.None, null, out var hops) ? hops : null;

    /// <summary>The wire form.</summary>
    public byte[] ToBytes() => SipWriter.Write(this);

    /// <summary>The wire form as text, for logs and tests.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(ToBytes());

    internal abstract string StartLine { get; }

    /// <summary>Reads From and keeps it; false when it cannot be read.</summary>
    internal bool HasReadableFrom => (_from ??= TryAddress("From")) is not null;

    /// <summary>Reads To and keeps it; false when it cannot be read.</summary>
    internal bool HasReadableTo => (_to ??= TryAddress("To")) is not null;

    /// <summary>Puts the stamped form of the top Via in place of the one that came; the others stay as they are.</summary>
    internal void ReplaceTopVia(SipVia via)
    {
        var rest = Headers.GetValues("Via").Skip(1).ToList();
        Headers.Set("Via", via.ToString());
        Headers.InsertAfterFirst("Via", rest);
        _vias = null;
    }

    private NameAddress? TryAddress(string name) => Headers[name] is { } text && NameAddress.TryParse(text, out var address) ? address : null;

    private List<SipVia> ReadVias()
    {
        var vias = new List<SipVia>(2);
        foreach (var text in Headers.GetValues("Via"))
        {
            if (SipVia.TryParse(text, out var via))
            {
                vias.Add(via);
            }
        }

        return vias;
    }

    private static FormatException Missing(string name) => new($"The message has no readable {name} header.");
}
