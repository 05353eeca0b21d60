using System.Security.Cryptography;
using System.Text;
using Postbell.Mime;
using Postbell.Mime.Decoding;
using Postbell.Mime.Headers;

namespace Postbell.Mailbox.Messages;

/// <summary>By which keys a message finds its conversation, and which keys it gives to those that follow.</summary>
/// <param name="Lookup">Asked in this order; the first that is known decides.</param>
/// <param name="Known">Keys that mean this conversation from now on.</param>
internal sealed record ThreadKeys(IReadOnlyList<string> Lookup, IReadOnlyList<string> Known)
{
    // A message with thousands of references is an attack or a mistake; the last ones are its nearest ancestors.
    private const int MaxReferences = 30;
    private const int MaxKey = 200;

    /// <summary>Keys by References and In-Reply-To; a reply that names no message is found by its base subject.</summary>
    public static ThreadKeys Read(ReadOnlySpan<byte> header, MimeEnvelope envelope, MessageKind kind)
    {
        var references = Ids(HeaderText.Find(header, "references"u8) + " " + envelope.InReplyTo);
        references.Reverse();
        var near = references.Distinct(StringComparer.Ordinal).Take(MaxReferences).ToList();
        var own = Ids(envelope.MessageId);
        // Subjects of voice messages are all alike and mean nothing.
        var (subject, isReply) = BaseSubject.Of(kind == MessageKind.Mail ? envelope.Subject : null);
        var bySubject = subject.Length == 0 ? null : Bounded("s:" + subject.ToLowerInvariant());
        return new ThreadKeys(
            [.. near, .. own.Take(1), .. near.Count == 0 && isReply && bySubject is not null ? [bySubject] : Array.Empty<string>()],
            [.. own.Take(1), .. near, .. bySubject is null ? [] : new[] { bySubject }]);
    }

    private static List<string> Ids(string? text)
    {
        var ids = new List<string>();
        var position = 0;
        while (text is not null && (position = text.IndexOf('<', position)) >= 0)
        {
            var end = text.IndexOf('>', position);
            if (end < 0)
            {
                break;
            }

            if (end - position > 1)
            {
                ids.Add(Bounded(text[position..(end + 1)]));
            }

            position = end + 1;
        }

        return ids;
    }

    private static string Bounded(string key) =>
        key.Length <= MaxKey ? key : "h:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
