namespace Postbell.Media.Tests;

/// <summary>Damaged copies of a seed, the same ones at every run: bits flipped, bytes changed, cut out, doubled, moved, the end cut off.</summary>
internal static class Mutations
{
    private static readonly byte[] s_interesting = [0, 1, 0x7F, 0x80, 0xFF, (byte)' ', (byte)'\r', (byte)'\n', (byte)'=', (byte)':', (byte)'/', (byte)'9'];

    public static IEnumerable<byte[]> Of(byte[] seed, int count, int randomSeed)
    {
        var random = new Random(randomSeed);
        for (var i = 0; i < count; i++)
        {
            var bytes = new List<byte>(seed);
            for (var n = random.Next(1, 6); n > 0 && bytes.Count > 0; n--)
            {
                Damage(bytes, random);
            }

            yield return [.. bytes];
        }
    }

    private static void Damage(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, 16), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = s_interesting[random.Next(s_interesting.Length)];
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                for (var i = 0; i < length; i++)
                {
                    bytes[at + i] = (byte)random.Next(256);
                }

                break;
        }
    }
}
