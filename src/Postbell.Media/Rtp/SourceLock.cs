using Postbell.Media.Engine;

namespace Postbell.Media.Rtp;

/// <summary>
/// Decides whose packets belong to a call, so that nobody else can put sound or keys into it (RTP bleed). Only the negotiated address counts; a peer that
/// sends from another port of it, or in symmetric mode from another address, must send three packets of one stream in a row first. Then the source is
/// locked: nothing is learned any more until a new agreement names another address.
/// </summary>
internal struct SourceLock
{
    private const int Needed = 3;

    private PeerAddress _negotiated;
    private PeerAddress _locked;
    private PeerAddress _candidate;
    private uint _candidateSsrc;
    private ushort _candidateSequence;
    private int _candidateCount;
    private int _exactCount;

    /// <summary>True when packets of ours go where the peer's come from.</summary>
    public bool IsSymmetric { get; private set; }

    /// <summary>True once the source is fixed.</summary>
    public bool IsLocked { get; private set; }

    /// <summary>Where packets come from; valid when locked.</summary>
    public readonly PeerAddress Source => _locked;

    /// <summary>Sets whom to expect; a lock stays when the address is the same.</summary>
    public void Expect(in PeerAddress negotiated, bool symmetric)
    {
        if (_negotiated == negotiated && IsSymmetric == symmetric)
        {
            return;
        }

        this = default;
        _negotiated = negotiated;
        IsSymmetric = symmetric;
    }

    /// <summary>False for who could not be the peer whatever the packet says. Learns nothing.</summary>
    public readonly bool MayBe(in PeerAddress from) => IsLocked ? from == _locked : IsSymmetric || from.SameHost(_negotiated);

    /// <summary>Judges a valid packet.</summary>
    public SourceVerdict Judge(in PeerAddress from, uint ssrc, ushort sequence)
    {
        if (IsLocked)
        {
            return from == _locked ? SourceVerdict.Accept : SourceVerdict.Foreign;
        }

        if (from == _negotiated)
        {
            if (++_exactCount >= Needed)
            {
                Lock(from);
            }

            return SourceVerdict.Accept;
        }

        if (!IsSymmetric && !from.SameHost(_negotiated))
        {
            return SourceVerdict.Foreign;
        }

        var follows = _candidateCount > 0 && from == _candidate && ssrc == _candidateSsrc && sequence == (ushort)(_candidateSequence + 1);
        _candidateCount = follows ? _candidateCount + 1 : 1;
        _candidate = from;
        _candidateSsrc = ssrc;
        _candidateSequence = sequence;
        if (_candidateCount < Needed)
        {
            return SourceVerdict.Probing;
        }

        Lock(from);
        return SourceVerdict.Accept;
    }

    private void Lock(in PeerAddress source)
    {
        _locked = source;
        IsLocked = true;
    }
}
