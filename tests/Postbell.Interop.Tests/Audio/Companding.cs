namespace Postbell.Interop.Tests.Audio;

/// <summary>G.711 written a second time, from the recommendation's segment rule, so that the product's tables are not checked against themselves.</summary>
public static class Companding
{
    private const int Bias = 0x84;

    public static byte MuLawOf(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), 32635) + Bias;
        var segment = 7;
        while (segment > 0 && (magnitude & (0x80 << segment)) == 0)
        {
            segment--;
        }

        return (byte)~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F));
    }

    public static short FromMuLaw(byte code)
    {
        var bits = ~code & 0xFF;
        var magnitude = (((bits & 0x0F) << 3) + Bias) << ((bits >> 4) & 7);
        return (short)((bits & 0x80) != 0 ? Bias - magnitude : magnitude - Bias);
    }

    public static byte ALawOf(short sample)
    {
        var positive = sample >= 0;
        var magnitude = Math.Min(positive ? sample : ~sample, 32767) >> 3;
        var segment = 0;
        while (magnitude >> segment > 0x1F)
        {
            segment++;
        }

        var low = segment == 0 ? magnitude >> 1 : (magnitude >> segment) & 0x0F;
        var code = segment == 0 ? low : (segment << 4) | low;
        return (byte)((code | (positive ? 0x80 : 0)) ^ 0x55);
    }

    public static short FromALaw(byte code)
    {
        var bits = code ^ 0x55;
        var segment = (bits >> 4) & 7;
        var magnitude = ((bits & 0x0F) << 4) + 8;
        if (segment > 0)
        {
            magnitude = (magnitude + 0x100) << (segment - 1);
        }

        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }
}
