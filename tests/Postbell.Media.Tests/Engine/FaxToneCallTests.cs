using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Tests.Engine;

/// <summary>Fax tones in calls: heard in the sound while somebody listens, or told as events.</summary>
public sealed class FaxToneCallTests
{
    [Theory]
    [InlineData(1100, 500, FaxTone.Calling)]
    [InlineData(2100, 3000, FaxTone.Answering)]
    public void A_tone_in_the_sound_is_told_once_while_somebody_listens(double hertz, int milliseconds, FaxTone tone)
    {
        using var rig = new EngineRig().Start();
        short[] sound = [.. new short[1600], .. SpeechMeterTests.Tone(milliseconds, -15, hertz, 0, 0, 0), .. new short[4800]];
        Send(rig, sound);
        rig.Events.FaxTones.ShouldBeEmpty();
        rig.Session.ListenForFaxTones(true);
        Send(rig, sound);
        Send(rig, sound);
        rig.Events.FaxTones.ShouldBe([tone]);
    }

    [Fact]
    public void Who_listens_no_more_hears_no_more()
    {
        using var rig = new EngineRig().Start();
        rig.Session.ListenForFaxTones(true);
        rig.Run(20);
        rig.Session.ListenForFaxTones(false);
        Send(rig, [.. new short[1600], .. SpeechMeterTests.Tone(500, -15, 1100, 0, 0, 0), .. new short[4800]]);
        rig.Events.FaxTones.ShouldBeEmpty();
    }

    [Fact]
    public void A_tone_is_heard_in_wideband()
    {
        using var rig = new EngineRig();
        rig.Session.Start(EngineRig.Agreed(rig.Peer.Rtp.Local) with { Codec = VoiceCodec.G722, PayloadType = 9 }, symmetric: false);
        rig.Engine.Step();
        rig.Session.ListenForFaxTones(true);
        using var encoder = CodecSupport.CreateEncoder(VoiceCodec.G722, OpusParameters.Default);
        var payload = new byte[IAudioEncoder.MaxBytes];
        short[] sound = [.. new short[3200], .. SpeechMeterTests.Tone(500, -15, 1100, 0, 0, 0, 16_000), .. new short[9600]];
        for (var at = 0; at < sound.Length; at += 320)
        {
            rig.Peer.Audio(payload.AsSpan(0, encoder.Encode(sound.AsSpan(at, 320), payload)), 9);
            rig.Run(20);
        }

        rig.Events.FaxTones.ShouldBe([FaxTone.Calling]);
    }

    [Theory]
    [InlineData(36, FaxTone.Calling)]
    [InlineData(32, FaxTone.Answering)]
    [InlineData(33, FaxTone.Answering)]
    [InlineData(34, FaxTone.Answering)]
    [InlineData(35, FaxTone.Answering)]
    public void An_event_tells_it_whoever_listens_and_is_no_key(byte code, FaxTone tone)
    {
        using var rig = new EngineRig().Start();
        for (var i = 1; i <= 5; i++)
        {
            rig.Peer.Send(rig.Peer.Packet([code, (byte)(i == 5 ? 0x8A : 0x0A), 0, (byte)(i * 40)], 101));
            rig.Run(20);
        }

        rig.Events.FaxTones.ShouldBe([tone]);
        rig.Events.Digits.ShouldBeEmpty();
    }

    private static void Send(EngineRig rig, short[] sound)
    {
        var codes = new byte[sound.Length];
        G711.Encode(sound, codes, G711Law.Mu);
        for (var at = 0; at + 160 <= codes.Length; at += 160)
        {
            rig.Peer.Audio(codes.AsSpan(at, 160));
            rig.Run(20);
        }
    }
}
