using System.Security.Cryptography;
using System.Text;

namespace Postbell.TestKit;

/// <summary>The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), message by message.</summary>
public sealed class ScramClient(string user, string password, string nonce = "rOprNGfwEbeRWgbNEkqO")
{
    private string _authMessage = "";
    private byte[] _salted = [];

    /// <summary>The part before the name: <c>n,,</c>, <c>y,,</c> or <c>p=TYPE,,</c>.</summary>
    public string Header { get; init; } = "n,,";

    /// <summary>Data of the channel binding.</summary>
    public byte[] Binding { get; init; } = [];

    public string Salt { get; private set; } = "";

    public string First => $"{Header}n={user},r={nonce}";

    /// <summary>Answers what the server said first.</summary>
    public string Final(string serverFirst)
    {
        var fields = serverFirst.Split(',').ToDictionary(f => f[0], f => f[2..]);
        Salt = fields['s'];
        _salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Convert.FromBase64String(Salt), int.Parse(fields['i'], System.Globalization.CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        var bound = Convert.ToBase64String([.. Encoding.UTF8.GetBytes(Header), .. Binding]);
        var withoutProof = $"c={bound},r={fields['r']}";
        _authMessage = $"n={user},r={nonce},{serverFirst},{withoutProof}";
        var clientKey = HMACSHA256.HashData(_salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), Encoding.UTF8.GetBytes(_authMessage));
        return $"{withoutProof},p={Convert.ToBase64String([.. clientKey.Zip(signature, (a, b) => (byte)(a ^ b))])}";
    }

    /// <summary>What a server that knows the password must say last.</summary>
    public string ServerFinal =>
        "v=" + Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(_salted, "Server Key"u8), Encoding.UTF8.GetBytes(_authMessage)));
}
