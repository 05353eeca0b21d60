using Microsoft.Win32.SafeHandles;

namespace Postbell.Media.Codecs;

/// <summary>Owns a G.722 decoder of the library.</summary>
internal sealed class G722DecoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public G722DecoderHandle()
        : base(ownsHandle: true) => SetHandle(SpandspLibrary.CreateG722Decoder());

    /// <inheritdoc />
    protected override bool ReleaseHandle() => SpandspLibrary.FreeDecoder(handle) == 0;
}
