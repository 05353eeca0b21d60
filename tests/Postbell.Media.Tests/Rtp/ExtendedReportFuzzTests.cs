using Postbell.Media.Rtp;

namespace Postbell.Media.Tests.Rtp;

/// <summary>Extended reports (RFC 3611): what is written comes back, and what is damaged or hostile harms nothing.</summary>
public sealed class ExtendedReportFuzzTests
{
    private const uint Source = 0xDEADBEEF;

    private static readonly VoipMetrics s_metrics = new()
    {
        Source = Source,
        LossRate = 13,
        DiscardRate = 3,
        BurstDensity = 128,
        GapDensity = 1,
        BurstMs = 220,
        GapMs = 60_000,
        RoundTripMs = 87,
        EndSystemMs = 40,
        GapMinimum = 16,
        Rating = 81,
        ListeningScore = 40,
        ConversationScore = 39,
        Receiver = 0xF0,
        JitterBuffer = (40, 300),
    };

    [Fact]
    public void Metrics_come_back_as_written()
    {
        var datagram = Datagram(s_metrics);
        (datagram.Length % 4).ShouldBe(0);
        Find(datagram, Source).ShouldBe(s_metrics);
        Find(datagram, Source + 1).ShouldBeNull();
    }

    [Fact]
    public void The_block_has_the_form_of_the_RFC()
    {
        var block = new byte[VoipMetrics.Bytes];
        s_metrics.Write(block);
        Convert.ToHexString(block).ShouldBe("07000008DEADBEEF0D03800100DCEA60005700287F7F7F10517F2827F0000028012C012C");
    }

    [Fact]
    public void Blocks_of_other_kinds_are_passed_over_and_impossible_scores_are_unknown()
    {
        byte[] other = [4, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8];
        var block = new byte[VoipMetrics.Bytes];
        (s_metrics with { Rating = 255, ListeningScore = 3, ConversationScore = 200 }).Write(block);
        byte[] report = [0x80, 207, 0, (byte)((4 + other.Length + block.Length) / 4), 0, 0, 0, 9, .. other, .. block];
        byte[] datagram = [0x80, 201, 0, 1, 0, 0, 0, 9, .. report];
        var found = Find(datagram, Source).ShouldNotBeNull();
        (found.Rating, found.ListeningScore, found.ConversationScore).ShouldBe((VoipMetrics.Unknown, VoipMetrics.Unknown, VoipMetrics.Unknown));
    }

    [Theory]
    // Blocks whose length leads out of the packet, is another than that of the kind, or stops short.
    [InlineData(new byte[] { 7, 0, 0xFF, 0xFF, 0xDE, 0xAD, 0xBE, 0xEF })]
    [InlineData(new byte[] { 7, 0, 0, 1, 0xDE, 0xAD, 0xBE, 0xEF })]
    [InlineData(new byte[] { 7, 0, 0, 0, 7, 0, 0, 0 })]
    [InlineData(new byte[] { 7, 0, 0, 8 })]
    [InlineData(new byte[0])]
    public void What_is_no_block_is_not_found(byte[] blocks)
    {
        byte[] datagram = [0x80, 201, 0, 1, 0, 0, 0, 9, 0x80, 207, 0, (byte)((4 + blocks.Length) / 4), 0, 0, 0, 9, .. blocks];
        Find(datagram, Source).ShouldBeNull();
    }

    [Fact]
    public void Damaged_reports_are_read_or_refused_and_never_throw()
    {
        var read = 0;
        foreach (var datagram in Mutations.Of(Datagram(s_metrics), 100_000, 7))
        {
            if (Find(datagram, Source) is { } found)
            {
                read++;
                (found.ListeningScore is VoipMetrics.Unknown or (>= 10 and <= 50)).ShouldBeTrue();
            }
        }

        read.ShouldBeGreaterThan(1000);
    }

    private static byte[] Datagram(in VoipMetrics metrics)
    {
        var buffer = new byte[256];
        var writer = new RtcpWriter(buffer);
        writer.ReceiverReport(9, null);
        writer.SourceDescription(9, "peer");
        writer.ExtendedReport(9, metrics);
        return buffer[..writer.Length];
    }

    private static VoipMetrics? Find(byte[] datagram, uint source)
    {
        if (!RtcpReader.TryOpen(datagram, out var reader))
        {
            return null;
        }

        VoipMetrics? found = null;
        while (reader.Next())
        {
            found = reader.TryVoipMetrics(source, out var metrics) ? metrics : found;
        }

        return found;
    }
}
