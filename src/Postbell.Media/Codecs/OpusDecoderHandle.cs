using Microsoft.Win32.SafeHandles;

namespace Postbell.Media.Codecs;

/// <summary>Owns an Opus decoder of the library.</summary>
internal sealed class OpusDecoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public OpusDecoderHandle(int sampleRate)
        : base(ownsHandle: true) => SetHandle(OpusLibrary.CreateDecoder(sampleRate));

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        OpusLibrary.FreeDecoder(handle);
        return true;
    }
}
