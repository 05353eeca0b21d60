using Postbell.Media.Engine;

namespace Postbell.Media.Srtp;

/// <summary>The encryption of one call, both ways; touched only by its engine loop. Off until an agreement has keys.</summary>
internal sealed class SrtpChannel : IDisposable
{
    private SrtpContext? _inbound;
    private SrtpContext? _inboundBefore;
    private SrtpContext? _outbound;

    public bool IsOn { get; private set; }

    public void Take(SrtpChange change)
    {
        IsOn = change.IsOn;
        if (!IsOn)
        {
            Dispose();
            return;
        }

        if (change.Inbound is { } inbound)
        {
            // Packets under the key before are still on their way: it holds until the first under the new one.
            _inboundBefore?.Dispose();
            _inboundBefore = _inbound;
            _inbound = inbound;
        }

        if (change.Outbound is { } outbound)
        {
            _outbound?.Dispose();
            _outbound = outbound;
        }
    }

    /// <summary>Encrypts a packet in place; 0 when it must not be sent.</summary>
    public int Protect(Span<byte> buffer, int length) => _outbound!.Protect(buffer, length);

    /// <summary>As <see cref="Protect"/> for RTCP.</summary>
    public int ProtectReport(Span<byte> buffer, int length) => _outbound!.ProtectReport(buffer, length);

    /// <summary>Authenticates and decrypts a packet in place.</summary>
    public SrtpVerdict Unprotect(Span<byte> datagram, out int length)
    {
        if (_inboundBefore is null)
        {
            return _inbound!.Unprotect(datagram, out length);
        }

        Span<byte> copy = stackalloc byte[PacketBatch.PacketBytes];
        datagram.CopyTo(copy);
        var verdict = _inbound!.Unprotect(datagram, out length);
        if (verdict == SrtpVerdict.Accept)
        {
            _inboundBefore.Dispose();
            _inboundBefore = null;
            return verdict;
        }

        // A failed try may have left the packet changed.
        copy[..datagram.Length].CopyTo(datagram);
        return verdict == SrtpVerdict.Refused ? _inboundBefore.Unprotect(datagram, out length) : verdict;
    }

    /// <summary>As <see cref="Unprotect"/> for RTCP. A report under the key before is lost; the next one comes.</summary>
    public SrtpVerdict UnprotectReport(Span<byte> datagram, out int length) => _inbound!.UnprotectReport(datagram, out length);

    public void Dispose()
    {
        _inbound?.Dispose();
        _inboundBefore?.Dispose();
        _outbound?.Dispose();
        _inbound = _inboundBefore = _outbound = null;
    }
}
