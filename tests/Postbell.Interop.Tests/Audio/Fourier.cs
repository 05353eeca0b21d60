using System.Numerics;

namespace Postbell.Interop.Tests.Audio;

/// <summary>The plain radix-2 Fourier transform, in place.</summary>
public static class Fourier
{
    public static void Transform(Complex[] values)
    {
        var n = values.Length;
        for (int i = 1, j = 0; i < n; i++)
        {
            var bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j ^= bit;
            if (i < j)
            {
                (values[i], values[j]) = (values[j], values[i]);
            }
        }

        for (var length = 2; length <= n; length <<= 1)
        {
            var step = Complex.FromPolarCoordinates(1, -2 * Math.PI / length);
            for (var start = 0; start < n; start += length)
            {
                var turn = Complex.One;
                for (var k = 0; k < length / 2; k++)
                {
                    var a = values[start + k];
                    var b = values[start + k + (length / 2)] * turn;
                    values[start + k] = a + b;
                    values[start + k + (length / 2)] = a - b;
                    turn *= step;
                }
            }
        }
    }
}
