using System.Security.Cryptography;
using System.Text.Json;

namespace Postbell.SignIn.Tokens;

/// <summary>One public key of an identity provider (RFC 7517) and the algorithms it may be used with: a key of one kind never checks a signature of another.</summary>
internal sealed record SigningKey(string Id, string? Algorithm, RSAParameters? Rsa, ECParameters? Ec, int Bits)
{
    private const int LeastRsaBits = 2048;

    /// <summary>Reads a key; null when it is of a kind that is not used here, or not for signatures.</summary>
    public static SigningKey? Read(JsonElement key)
    {
        if (TokenClaims.Text(key, "use") is not (null or "sig"))
        {
            return null;
        }

        var (id, algorithm) = (TokenClaims.Text(key, "kid") ?? "", TokenClaims.Text(key, "alg"));
        switch (TokenClaims.Text(key, "kty"))
        {
            case "RSA" when Bytes(key, "n") is { } modulus && Bytes(key, "e") is { Length: > 0 } exponent:
                modulus = [.. modulus.SkipWhile(static b => b == 0)];
                return modulus.Length * 8 < LeastRsaBits ? null
                    : new SigningKey(id, algorithm, new RSAParameters { Modulus = modulus, Exponent = exponent }, null, modulus.Length * 8);
            case "EC" when Curve(TokenClaims.Text(key, "crv")) is var (curve, bits) && Bytes(key, "x") is { } x && Bytes(key, "y") is { } y
                && x.Length == y.Length && x.Length == (bits + 7) / 8:
                return new SigningKey(id, algorithm, null, new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } }, bits);
            default:
                return null;
        }
    }

    /// <summary>True when a token with this algorithm may be checked by this key.</summary>
    public bool Fits(string algorithm) => (Algorithm is null || Algorithm == algorithm) && algorithm switch
    {
        "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" => Rsa is not null,
        "ES256" => Ec is not null && Bits == 256,
        "ES384" => Ec is not null && Bits == 384,
        "ES512" => Ec is not null && Bits == 521,
        _ => false,
    };

    /// <summary>Checks a signature; false for anything that is none.</summary>
    public bool Verifies(string algorithm, byte[] data, byte[] signature)
    {
        var hash = algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        try
        {
            if (Rsa is { } modulus)
            {
                using var rsa = RSA.Create(modulus);
                return rsa.VerifyData(data, signature, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
            }

            using var curve = ECDsa.Create(Ec!.Value);
            return curve.VerifyData(data, signature, hash);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static (ECCurve Curve, int Bits)? Curve(string? name) => name switch
    {
        "P-256" => (ECCurve.NamedCurves.nistP256, 256),
        "P-384" => (ECCurve.NamedCurves.nistP384, 384),
        "P-521" => (ECCurve.NamedCurves.nistP521, 521),
        _ => null,
    };

    private static byte[]? Bytes(JsonElement key, string name) => TokenClaims.Text(key, name) is { } text ? Base64UrlText.Decode(text) : null;
}
