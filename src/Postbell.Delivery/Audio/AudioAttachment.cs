namespace Postbell.Delivery.Audio;

/// <summary>The audio of a message as a file.</summary>
/// <param name="Content">The file.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Extension">Its extension, with the dot.</param>
/// <param name="Duration">Length in time.</param>
/// <param name="Note">What a person should know of how it came to be, for the ledger; empty when nothing.</param>
public sealed record AudioAttachment(ReadOnlyMemory<byte> Content, string MediaType, string Extension, TimeSpan Duration, string Note = "")
{
    /// <summary>The same with another note behind those it has; an empty one adds nothing.</summary>
    public AudioAttachment Noting(string note) =>
        note.Length == 0 ? this : this with { Note = Note.Length == 0 ? note : Note + "; " + note };
}
