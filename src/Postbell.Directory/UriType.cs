namespace Postbell.Directory;

/// <summary>How the numbers of a dial plan look on the wire.</summary>
public enum UriType
{
    /// <summary>Extensions of a fixed number of digits: <c>tel:5001</c> or <c>5001@address</c>.</summary>
    TelExtn,

    /// <summary>International numbers: <c>tel:+14255550123</c>, at most 15 digits.</summary>
    E164,

    /// <summary>SIP addresses: <c>sip:user@domain</c>.</summary>
    SipName,
}
