#!/usr/bin/env python3
"""What a second of audio costs in the codec libraries, in instructions: encoding and decoding by Opus (as calls use it) and G.722.

Usage: bench/codec_cost.py            (needs libopus0, libspandsp2, linux-perf; asterisk-core-sounds-en-wav for speech, or else a made-up voice)
"""
import array, ctypes, glob, math, random, subprocess, sys, wave

SECONDS = 60
RATE = 16000
FRAME = 320


def speech():
    samples = array.array("h")
    for name in sorted(glob.glob("/usr/share/asterisk/sounds/**/*.wav", recursive=True)):
        with wave.open(name) as file:
            if file.getnchannels() == 1 and file.getsampwidth() == 2 and file.getframerate() in (8000, 16000):
                read = array.array("h", file.readframes(file.getnframes()))
                samples.extend(read if file.getframerate() == RATE else [s for s in read for _ in (0, 1)])
        if len(samples) >= SECONDS * RATE:
            return samples[: SECONDS * RATE]
    noise = random.Random(1)
    return array.array("h", (int(max(0, math.sin(i / 1000)) * 6000 * math.sin(i / 20 + 3 * math.sin(i / 3000)) + noise.randint(-200, 200))
                             for i in range(SECONDS * RATE)))


def opus_encoder(opus, complexity, repeats, dtx):
    encoder = ctypes.c_void_p(opus.opus_encoder_create(RATE, 1, 2048, None))
    for request, value in ((4002, 28000 if repeats else 24000), (4006, 1), (4024, 3001), (4010, complexity), (4012, repeats), (4014, 5 * repeats), (4016, dtx)):
        opus.opus_encoder_ctl(encoder, request, ctypes.c_int(value))
    return encoder


def work(what):
    sound = speech()
    frames = [(ctypes.c_short * FRAME)(*sound[i:i + FRAME]) for i in range(0, len(sound), FRAME)]
    packet = (ctypes.c_ubyte * 1000)()
    room = (ctypes.c_short * 3840)()
    kind, *numbers = what.split(":")
    if kind == "nothing":
        return
    if kind in ("g722", "ung722"):
        spandsp = ctypes.CDLL("libspandsp.so.2")
        spandsp.g722_encode_init.restype = spandsp.g722_decode_init.restype = ctypes.c_void_p
        encoder = ctypes.c_void_p(spandsp.g722_encode_init(None, 64000, 0))
        decoder = ctypes.c_void_p(spandsp.g722_decode_init(None, 64000, 0))
        for frame in frames:
            length = spandsp.g722_encode(encoder, packet, frame, FRAME)
            if kind == "ung722":
                spandsp.g722_decode(decoder, room, packet, length)
        return
    opus = ctypes.CDLL("libopus.so.0")
    opus.opus_encoder_create.restype = opus.opus_decoder_create.restype = ctypes.c_void_p
    encoder = opus_encoder(opus, *map(int, numbers))
    decoder = ctypes.c_void_p(opus.opus_decoder_create(RATE, 1, None))
    for frame in frames:
        length = opus.opus_encode(encoder, frame, FRAME, packet, 1000)
        if kind == "unopus":
            opus.opus_decode(decoder, packet, length, room, FRAME, 0)


def instructions(what):
    run = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", sys.executable, __file__, what], stderr=subprocess.PIPE, text=True, check=True)
    return int(next(line for line in run.stderr.splitlines() if "instructions" in line).split(",")[0])


def main():
    nothing = instructions("nothing")
    costs = {}
    print("opus:COMPLEXITY:REPEATED FRAMES:DTX encodes at 24 kbit/s (28 with repeated frames), un... decodes as well")
    for what in ("opus:0:0:0", "opus:1:0:0", "opus:3:0:0", "opus:5:0:0", "opus:10:0:0", "opus:3:1:0", "opus:10:1:0", "opus:3:0:1", "unopus:3:0:0", "g722", "ung722"):
        costs[what] = (instructions(what) - nothing) / SECONDS / 1e6
        print(f"{what:12} {costs[what]:8.2f} M instructions for a second of audio, the calls from this program included", flush=True)
    print(f"decoding alone: Opus {costs['unopus:3:0:0'] - costs['opus:3:0:0']:.2f} M, G.722 {costs['ung722'] - costs['g722']:.2f} M")


if __name__ == "__main__":
    work(sys.argv[1]) if len(sys.argv) > 1 else main()
