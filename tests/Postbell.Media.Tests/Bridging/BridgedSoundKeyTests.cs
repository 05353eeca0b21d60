using Postbell.Core;
using Postbell.Media.Bridging;
using Postbell.Media.Codecs;
using Postbell.Media.Tests.Tones;

namespace Postbell.Media.Tests.Bridging;

/// <summary>A joined peer without telephone-events presses keys as sound: the other side hears nothing of a key that is withheld, or gets it as an event.</summary>
public sealed class BridgedSoundKeyTests
{
    // Keys begin at odd places within packets.
    private static readonly int[] s_begins = [8000, 16_037, 24_080, 32_123, 40_159];

    [Theory]
    [InlineData(20, 20, VoiceCodec.Pcmu)]
    [InlineData(30, 20, VoiceCodec.Pcmu)]
    [InlineData(60, 60, VoiceCodec.Pcmu)]
    [InlineData(20, 20, VoiceCodec.Pcma)]
    public void Not_even_the_beginning_of_a_withheld_key_is_heard(int ptimeSpeaker, int ptimeListener, VoiceCodec listener)
    {
        using var rig = new BridgeRig(listener, VoiceCodec.Pcmu, ptimeListener, ptimeSpeaker, eventsOther: null);
        rig.Join(new MediaBridgeOptions { PassKeysFromOther = false });
        rig.Other.Say(Said("12345"));
        rig.Run(7000);
        rig.Other.Events.Digits.Select(d => d.Digit).ShouldBe("12345");
        rig.One.Heard.ShouldAllBe(p => p.Type != 101);
        Audible(rig.One.Sound(), "12345").ShouldBeLessThan(5);

        // What was said between and after the keys is there.
        TestVoice.Level(rig.One.Sound().AsSpan(^4000..)).ShouldBeGreaterThan(400);
    }

    [Fact]
    public void A_key_in_the_sound_becomes_an_event_where_the_other_side_takes_events()
    {
        using var rig = new BridgeRig(VoiceCodec.Pcmu, VoiceCodec.Pcma, eventsOther: null);
        rig.Join();
        rig.Other.Say(Said("7*0#9"));
        rig.Run(7000);
        rig.Other.Events.Digits.Select(d => d.Digit).ShouldBe("7*0#9");
        var events = rig.One.Heard.Where(p => p.Type == 101).ToArray();
        events.Where(p => (p.Payload[1] & 0x80) != 0).Select(p => p.Payload[0]).ShouldBe([7, 7, 7, 10, 10, 10, 0, 0, 0, 11, 11, 11, 9, 9, 9]);
        events.Select(p => p.Timestamp).Distinct().Count().ShouldBe(5);
        Audible(rig.One.Sound(), "7*0#9").ShouldBeLessThan(5);
    }

    [Fact]
    public void A_key_that_signalling_told_as_well_is_one_event()
    {
        using var rig = new BridgeRig(eventsOther: null);
        rig.Join();
        rig.Other.Session.PressElsewhere('1', TimeSpan.FromMilliseconds(100));
        rig.Run(3000);
        rig.Other.Say(Said("23456"));
        rig.Run(7000);
        rig.One.Heard.Where(p => p.Type == 101).Select(p => p.Payload[0]).Distinct().ShouldBe([1]);
    }

    [Fact]
    public void Where_the_other_side_takes_no_events_the_key_passes_as_the_sound_it_is_and_at_once()
    {
        using var rig = new BridgeRig(VoiceCodec.Pcmu, VoiceCodec.Pcmu, eventsOther: null, eventsOne: null);
        rig.Join();
        rig.Other.Say(Said("12345"));
        rig.Run(7000);
        DtmfDetectorTests.Found(rig.One.Sound()).ShouldBe("12345");
    }

    /// <summary>A voice of seven seconds in which five keys are pressed.</summary>
    private static short[] Said(string keys)
    {
        var said = TestVoice.Speak(7000, pauses: false);
        for (var i = 0; i < keys.Length; i++)
        {
            DtmfDetectorTests.Press(keys[i], 120).CopyTo(said.AsSpan(s_begins[i]));
        }

        return said;
    }

    /// <summary>Milliseconds in which both tones of a key stand out.</summary>
    private static int Audible(ReadOnlySpan<short> heard, string keys)
    {
        var milliseconds = 0;
        for (var at = 0; at + 80 <= heard.Length; at += 40)
        {
            var window = heard.Slice(at, 80);
            foreach (var key in keys)
            {
                if (TestVoice.Level(window) > 500 && IsKey(window, key))
                {
                    milliseconds += 5;
                    break;
                }
            }
        }

        return milliseconds;
    }

    private static bool IsKey(ReadOnlySpan<short> window, char key)
    {
        var total = 0.0;
        foreach (var sample in window)
        {
            total += (double)sample * sample;
        }

        var (row, column) = DtmfDetectorTests.Frequencies(key);
        return (Power(window, row) + Power(window, column)) / (total * window.Length / 2) > 0.9 && Power(window, column) / (total * window.Length / 2) > 0.2;
    }

    private static double Power(ReadOnlySpan<short> window, int hertz)
    {
        double real = 0, imaginary = 0;
        for (var i = 0; i < window.Length; i++)
        {
            real += window[i] * Math.Cos(2 * Math.PI * hertz * i / 8000);
            imaginary += window[i] * Math.Sin(2 * Math.PI * hertz * i / 8000);
        }

        return (real * real) + (imaginary * imaginary);
    }
}
