using Microsoft.Win32.SafeHandles;

namespace Postbell.Media.Codecs;

/// <summary>Owns an Opus encoder of the library.</summary>
internal sealed class OpusEncoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public OpusEncoderHandle(int sampleRate)
        : base(ownsHandle: true) => SetHandle(OpusLibrary.CreateEncoder(sampleRate));

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        OpusLibrary.FreeEncoder(handle);
        return true;
    }
}
