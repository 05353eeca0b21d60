using System.Security.Cryptography;
using System.Text;

namespace Postbell.Server.Hosting;

/// <summary>The bearer token of the administration interface: made at the first start, kept in the data folder, never logged.</summary>
internal sealed class AdminToken(string value)
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes(value);

    /// <summary>The token itself.</summary>
    public string Value { get; } = value;

    /// <summary>Reads the folder's token, or makes one.</summary>
    public static AdminToken ReadOrCreate(DataLayout layout)
    {
        if (File.Exists(layout.AdminToken) && File.ReadAllText(layout.AdminToken).Trim() is { Length: > 0 } kept)
        {
            return new AdminToken(kept);
        }

        var fresh = Secret.NewToken();
        PrivateFile.Write(layout.AdminToken, fresh + "\n");
        return new AdminToken(fresh);
    }

    /// <summary>Compares in a time that tells nothing about how much of the token was right.</summary>
    public bool Matches(string offered) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(offered), _expected);
}
