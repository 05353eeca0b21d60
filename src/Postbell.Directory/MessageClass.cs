namespace Postbell.Directory;

/// <summary>Kinds of messages that rules tell apart.</summary>
public enum MessageClass
{
    /// <summary>Every message.</summary>
    Any,

    /// <summary>Ordinary mail.</summary>
    Mail,

    /// <summary>Voice messages.</summary>
    Voice,

    /// <summary>Notes of missed calls.</summary>
    MissedCall,

    /// <summary>Faxes.</summary>
    Fax,
}
