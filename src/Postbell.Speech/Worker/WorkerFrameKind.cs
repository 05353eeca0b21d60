namespace Postbell.Speech.Worker;

/// <summary>Kinds of frames between server and worker.</summary>
internal enum WorkerFrameKind : byte
{
    /// <summary>Worker: ready; holds the protocol version (4 bytes).</summary>
    Ready = 1,

    /// <summary>Server: speak; holds the length of the voice name (1 byte), voice name and text in UTF-8.</summary>
    Speak = 2,

    /// <summary>Worker: audio; holds the sample rate (4 bytes), then the samples (2 bytes each).</summary>
    Audio = 3,

    /// <summary>Worker: not spoken; holds a <see cref="SpeechFailure"/> (1 byte), then the detail in UTF-8.</summary>
    Failure = 4,
}
