using System.Buffers.Text;

namespace Postbell.SignIn.Sasl;

/// <summary>What the client says last in SCRAM.</summary>
/// <param name="Binding">The header again, and the data of the channel.</param>
/// <param name="Nonce">Both nonces.</param>
/// <param name="Proof">The proof.</param>
/// <param name="WithoutProof">All before the proof.</param>
internal sealed record ScramFinal(byte[] Binding, string Nonce, byte[] Proof, string WithoutProof)
{
    /// <summary>Reads it; null when it is none.</summary>
    public static ScramFinal? Parse(string text)
    {
        var at = text.LastIndexOf(",p=", StringComparison.Ordinal);
        if (at < 0 || text[..at].Split(',') is not [['c', '=', .. var binding], ['r', '=', .. var nonce], ..]
            || Bytes(binding) is not { } bound || Bytes(text[(at + 3)..]) is not { } proof)
        {
            return null;
        }

        return new ScramFinal(bound, nonce, proof, text[..at]);
    }

    private static byte[]? Bytes(string base64) => Base64.IsValid(base64) ? Convert.FromBase64String(base64) : null;
}
