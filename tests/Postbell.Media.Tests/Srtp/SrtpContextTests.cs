using Postbell.Media.Rtp;
using Postbell.Media.Srtp;

namespace Postbell.Media.Tests.Srtp;

public sealed class SrtpContextTests
{
    [Fact]
    public void The_reference_packet_of_AES_CM_with_SHA1_comes_out_byte_for_byte()
    {
        var key = SrtpKey.Of(SrtpSuite.AesCm128HmacSha1Tag80, Convert.FromHexString("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6"));
        using var context = SrtpContext.Create(key, inbound: false);
        var buffer = new byte[28 + SrtpContext.MaxGrowth];
        Convert.FromHexString("800f1234decafbadcafebabeabababababababababababababababab").CopyTo(buffer, 0);
        var length = context.Protect(buffer, 28);
        Convert.ToHexString(buffer.AsSpan(0, length)).ShouldBe("800F1234DECAFBADCAFEBABE4E55DC4CE79978D88CA4D215949D2402B78D6ACC99EA179B8DBB");
    }

    [Theory]
    [InlineData(SrtpSuite.AeadAes256Gcm, 16)]
    [InlineData(SrtpSuite.AeadAes128Gcm, 16)]
    [InlineData(SrtpSuite.Aes256CmHmacSha1Tag80, 10)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag80, 10)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag32, 4)]
    public void Every_suite_encrypts_authenticates_and_refuses_a_second_time(SrtpSuite suite, int tag)
    {
        SrtpSupport.Suites.ShouldContain(suite);
        var key = SrtpKey.Random(suite);
        using var sender = SrtpContext.Create(key, inbound: false);
        using var receiver = SrtpContext.Create(key, inbound: true);
        var plain = Packet(1, 160);
        var sent = SrtpPackets.Encrypt(sender, plain);
        sent.Length.ShouldBe(plain.Length + tag);
        sent.AsSpan(12, 160).SequenceEqual(plain.AsSpan(12)).ShouldBeFalse();

        var damaged = (byte[])sent.Clone();
        damaged[20] ^= 1;
        receiver.Unprotect(damaged, out _).ShouldBe(SrtpVerdict.Refused);
        var received = (byte[])sent.Clone();
        receiver.Unprotect(received, out var length).ShouldBe(SrtpVerdict.Accept);
        received.AsSpan(0, length).SequenceEqual(plain).ShouldBeTrue();
        receiver.Unprotect((byte[])sent.Clone(), out _).ShouldBe(SrtpVerdict.Replayed);
        using var stranger = SrtpContext.Create(SrtpKey.Random(suite), inbound: true);
        stranger.Unprotect((byte[])sent.Clone(), out _).ShouldBe(SrtpVerdict.Refused);
    }

    [Fact]
    public void Reports_are_encrypted_with_the_long_tag()
    {
        foreach (var suite in SrtpSupport.Suites)
        {
            var key = SrtpKey.Random(suite);
            using var sender = SrtpContext.Create(key, inbound: false);
            using var receiver = SrtpContext.Create(key, inbound: true);
            byte[] report = [0x80, 201, 0, 1, 0, 0, 0xCA, 0xFE, 0x81, 202, 0, 2, 0, 0, 0xCA, 0xFE, 1, 1, 65, 0];
            var buffer = new byte[report.Length + SrtpContext.MaxGrowth];
            report.CopyTo(buffer, 0);
            var sent = buffer[..sender.ProtectReport(buffer, report.Length)];
            sent.Length.ShouldBe(report.Length + 4 + Math.Max(10, suite.TagBytes()));
            receiver.UnprotectReport(sent, out var length).ShouldBe(SrtpVerdict.Accept);
            sent.AsSpan(0, length).SequenceEqual(report).ShouldBeTrue();
            receiver.UnprotectReport([0x80, 203, 0, 1, 0, 0, 0xCA, 0xFE], out _).ShouldBe(SrtpVerdict.Refused);
        }
    }

    [Theory]
    [InlineData(SrtpSuite.AeadAes256Gcm)]
    [InlineData(SrtpSuite.AeadAes128Gcm)]
    [InlineData(SrtpSuite.Aes256CmHmacSha1Tag80)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag80)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag32)]
    public void Packets_with_the_index_of_their_key_are_read_and_those_with_another_refused(SrtpSuite suite)
    {
        foreach (var index in new byte[][] { [1], [0, 0, 0, 1], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] })
        {
            var key = SrtpKey.Random(suite);
            using var sender = SrtpContext.Create(key, inbound: false);
            using var receiver = SrtpContext.Create(key.WithIndex(index), inbound: true);
            var plain = Packet(1, 160);
            var sent = SrtpPackets.Encrypt(sender, plain);
            receiver.Unprotect((byte[])sent.Clone(), out _).ShouldBe(SrtpVerdict.Refused, "without it");
            byte[] other = [.. index[..^1], (byte)(index[^1] + 1)];
            receiver.Unprotect(SrtpPackets.WithIndex(sent, suite, other), out _).ShouldBe(SrtpVerdict.Refused);
            var right = SrtpPackets.WithIndex(sent, suite, index);
            var received = (byte[])right.Clone();
            receiver.Unprotect(received, out var length).ShouldBe(SrtpVerdict.Accept);
            received.AsSpan(0, length).SequenceEqual(plain).ShouldBeTrue();
            receiver.Unprotect((byte[])right.Clone(), out _).ShouldBe(SrtpVerdict.Replayed);

            byte[] report = [0x80, 201, 0, 1, 0, 0, 0xCA, 0xFE];
            var encrypted = SrtpPackets.WithIndex(SrtpPackets.EncryptReport(sender, report), suite, index, isReport: true);
            receiver.UnprotectReport(encrypted, out length).ShouldBe(SrtpVerdict.Accept);
            encrypted.AsSpan(0, length).SequenceEqual(report).ShouldBeTrue();
            var next = SrtpPackets.WithIndex(SrtpPackets.Encrypt(sender, Packet(2, 160)), suite, index);
            foreach (var damaged in Mutations.Of(next, 2_000, 8).Where(d => !d.AsSpan().SequenceEqual(next)))
            {
                receiver.Unprotect(damaged, out _).ShouldNotBe(SrtpVerdict.Accept);
            }
        }
    }

    [Fact]
    public void Garbage_of_every_length_is_refused()
    {
        var random = new Random(3);
        foreach (var suite in SrtpSupport.Suites)
        {
            using var context = SrtpContext.Create(SrtpKey.Random(suite), inbound: true);
            for (var i = 0; i < 20_000; i++)
            {
                var garbage = new byte[random.Next(0, i % 10 == 0 ? 2048 : 80)];
                random.NextBytes(garbage);
                if (garbage.Length > 0 && i % 3 != 0)
                {
                    // Gets past the first glance.
                    garbage[0] = (byte)(0x80 | (garbage[0] & 0x3F));
                }

                context.Unprotect(garbage, out _).ShouldBe(SrtpVerdict.Refused);
                context.UnprotectReport(garbage, out _).ShouldBe(SrtpVerdict.Refused);
            }
        }
    }

    [Fact]
    public void Damaged_packets_of_the_peer_are_refused()
    {
        var key = SrtpKey.Random(SrtpSuite.AeadAes128Gcm);
        using var sender = SrtpContext.Create(key, inbound: false);
        using var receiver = SrtpContext.Create(key, inbound: true);
        var sent = SrtpPackets.Encrypt(sender, Packet(1, 160));
        foreach (var damaged in Mutations.Of(sent, 20_000, 4))
        {
            if (!damaged.AsSpan().SequenceEqual(sent))
            {
                receiver.Unprotect(damaged, out _).ShouldBe(SrtpVerdict.Refused);
            }
        }

        receiver.Unprotect(sent, out _).ShouldBe(SrtpVerdict.Accept);
    }

    [Fact]
    public void A_peer_that_changes_its_stream_all_the_time_takes_no_memory_without_end()
    {
        var key = SrtpKey.Random(SrtpSuite.AesCm128HmacSha1Tag80);
        using var sender = SrtpContext.Create(key, inbound: false);
        using var receiver = SrtpContext.Create(key, inbound: true);
        var accepted = 0;
        for (var i = 0u; i < 100; i++)
        {
            accepted += receiver.Unprotect(SrtpPackets.Encrypt(sender, Packet(1, 20, ssrc: i)), out _) == SrtpVerdict.Accept ? 1 : 0;
        }

        accepted.ShouldBe(16);
        receiver.Unprotect(SrtpPackets.Encrypt(sender, Packet(2, 20, ssrc: 3)), out _).ShouldBe(SrtpVerdict.Accept);
    }

    private static byte[] Packet(ushort sequence, int payload, uint ssrc = 0xCAFE)
    {
        var packet = new byte[RtpPacket.HeaderBytes + payload];
        RtpPacket.WriteHeader(packet, 0, false, sequence, sequence * 160u, ssrc);
        packet.AsSpan(RtpPacket.HeaderBytes).Fill(0x55);
        return packet;
    }
}
