using System.Buffers.Text;
using System.Security.Cryptography;

namespace Postbell.Server.Hosting;

/// <summary>Makes passwords, PINs and tokens from the system's random source.</summary>
internal static class Secret
{
    // No characters that look like another, none that a shell or an IMAP client would want quoted.
    private const string Unmistakable = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int PasswordLength = 16;
    private const int PinLength = 6;
    private const int TokenBytes = 32;

    /// <summary>A password of 16 characters, 93 bits.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetString(Unmistakable, PasswordLength);

    /// <summary>A PIN of 6 digits that is no run, no repetition and does not hold the extension.</summary>
    public static string NewPin(string extension)
    {
        string pin;
        do
        {
            pin = RandomNumberGenerator.GetString("0123456789", PinLength);
        }
        while (IsWeakPin(pin, extension));
        return pin;
    }

    /// <summary>A bearer token, 256 bits, safe in URLs and headers.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>True for what a thief tries first: 000000, 123456, 987654, the extension.</summary>
    public static bool IsWeakPin(string pin, string extension)
    {
        var steps = pin.Zip(pin.Skip(1), (left, right) => right - left).Distinct().ToArray();
        return steps.Length <= 1 || (extension.Length > 0 && pin.Contains(extension, StringComparison.Ordinal));
    }
}
