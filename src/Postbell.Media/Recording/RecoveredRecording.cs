using Postbell.Core;

namespace Postbell.Media.Recording;

/// <summary>A recording of an earlier run of the program that nobody has retired yet.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsComplete">True: it was completed. False: the program died while it ran, and what is there is all there is.</param>
/// <param name="Envelope">The envelope written last; empty when damage took every envelope.</param>
/// <param name="Duration">Length of the audio.</param>
/// <param name="Gap">Part of <paramref name="Duration"/> that is silence in place of lost audio.</param>
public sealed record RecoveredRecording(TraceId Id, bool IsComplete, ReadOnlyMemory<byte> Envelope, TimeSpan Duration, TimeSpan Gap);
