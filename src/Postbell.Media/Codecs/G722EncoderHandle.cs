using Microsoft.Win32.SafeHandles;

namespace Postbell.Media.Codecs;

/// <summary>Owns a G.722 encoder of the library.</summary>
internal sealed class G722EncoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public G722EncoderHandle()
        : base(ownsHandle: true) => SetHandle(SpandspLibrary.CreateG722Encoder());

    /// <inheritdoc />
    protected override bool ReleaseHandle() => SpandspLibrary.FreeEncoder(handle) == 0;
}
