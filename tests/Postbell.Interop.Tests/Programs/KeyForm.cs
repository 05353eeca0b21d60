namespace Postbell.Interop.Tests.Programs;

/// <summary>How a telephone sends the keys that are pressed.</summary>
public enum KeyForm
{
    /// <summary>telephone-events in RTP (RFC 4733).</summary>
    Events,

    /// <summary>SIP INFO (application/dtmf-relay).</summary>
    Info,

    /// <summary>The two tones, heard.</summary>
    InBand,
}
