using System.Runtime.InteropServices;

namespace Postbell.Speech.Flite;

/// <summary><c>cst_wave</c> of flite 2: 32 bytes on 64-bit systems.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FliteWave
{
    public byte* Type;
    public int SampleRate;
    public int SampleCount;
    public int ChannelCount;
    public short* Samples;
}
