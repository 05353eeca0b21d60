namespace Postbell.Media.Quality;

/// <summary>
/// Tells bursts of losses from single ones while packets pass (RFC 3611 section 4.7.2, Gmin 16): a burst begins and ends with a lost packet and has fewer
/// than 16 received ones between any two lost; what is outside of bursts is gap. A packet that came is one addition.
/// </summary>
internal sealed class LossMeter
{
    private const int LeastGap = 16;

    private long _since = LeastGap;
    private long _clusterLost;
    private long _clusterLength;
    private long _bursts;
    private long _burstLost;
    private long _burstLength;

    /// <summary>Packets that came in time.</summary>
    public long Received { get; private set; }

    /// <summary>Packets that did not, also those that came too late.</summary>
    public long Lost { get; private set; }

    /// <summary>Times that one or more packets in a row were lost.</summary>
    public long Runs { get; private set; }

    /// <summary>A packet came.</summary>
    public void OnReceived()
    {
        Received++;
        _since++;
    }

    /// <summary>Packets in a row are lost.</summary>
    public void OnLost(int count)
    {
        if (count <= 0)
        {
            return;
        }

        Runs += _since > 0 || Lost == 0 ? 1 : 0;
        if (_clusterLost > 0 && _since < LeastGap)
        {
            _clusterLength += _since + count;
        }
        else
        {
            CloseCluster();
            _clusterLost = 0;
            _clusterLength = count;
        }

        _clusterLost += count;
        Lost += count;
        _since = 0;
    }

    /// <summary>What was seen until now.</summary>
    public LossPattern Pattern()
    {
        var open = _clusterLost > 1;
        var bursts = _bursts + (open ? 1 : 0);
        var lost = _burstLost + (open ? _clusterLost : 0);
        var length = _burstLength + (open ? _clusterLength : 0);
        return new LossPattern(Received, Lost, Runs, bursts, lost, length);
    }

    private void CloseCluster()
    {
        if (_clusterLost > 1)
        {
            _bursts++;
            _burstLost += _clusterLost;
            _burstLength += _clusterLength;
        }
    }
}
