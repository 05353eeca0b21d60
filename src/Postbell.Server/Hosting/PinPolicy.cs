namespace Postbell.Server.Hosting;

/// <summary>What is wrong with a PIN somebody chose.</summary>
internal enum PinProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Too few digits.</summary>
    TooShort,

    /// <summary>Too many digits.</summary>
    TooLong,

    /// <summary>Not digits only.</summary>
    NotDigits,

    /// <summary>A run, a repetition, or the extension.</summary>
    Weak,
}

/// <summary>Which PINs may be chosen, wherever that is done.</summary>
internal static class PinPolicy
{
    /// <summary>Fewest digits.</summary>
    public const int MinLength = 6;

    /// <summary>Most digits.</summary>
    public const int MaxLength = 24;

    /// <summary>Judges a PIN of the person with this extension.</summary>
    public static PinProblem Judge(string pin, string extension) =>
        !pin.All(char.IsAsciiDigit) ? PinProblem.NotDigits
        : pin.Length < MinLength ? PinProblem.TooShort
        : pin.Length > MaxLength ? PinProblem.TooLong
        : Secret.IsWeakPin(pin, extension) ? PinProblem.Weak
        : PinProblem.None;
}
