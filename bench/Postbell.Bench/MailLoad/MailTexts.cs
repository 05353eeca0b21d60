using System.Globalization;
using System.Text;

namespace Postbell.Bench.MailLoad;

/// <summary>The messages of the runs, the same for every server: made from a seed, so that two servers get the same bytes.</summary>
internal sealed class MailTexts(int seed)
{
    /// <summary>Stands in one of a thousand long texts.</summary>
    public const string Needle = "quittenbaum";

    /// <summary>Two characters that stand in the same texts only: too short for an index of three.</summary>
    public const string ShortNeedle = "#7";

    private static readonly string[] Words = [.. Enumerable.Range(0, 2000).Select(static i => "word" + Convert.ToString(i * 7919, 16))];

    private readonly Random _random = new(seed);

    /// <summary>A voice message of about <paramref name="bytes"/>: a text part and sound in base64.</summary>
    public byte[] Voice(string id, int bytes)
    {
        var text = Head(id, "Voice mail from 1002 (7 seconds)");
        text.Append("Content-Class: Voice-CA\r\nX-CallingTelephoneNumber: 1002\r\nX-VoiceMessageDuration: 7\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n");
        text.Append("--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n").Append(Sentence(40)).Append("\r\n");
        text.Append("--b1\r\nContent-Type: audio/mpeg; name=\"1002 (7 seconds) Voice Mail.mp3\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n");
        var sound = new byte[54 * Math.Max(1, (bytes - text.Length) / 74)];
        _random.NextBytes(sound);
        for (var i = 0; i < sound.Length; i += 54)
        {
            text.Append(Convert.ToBase64String(sound, i, 54)).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.Append("--b1--\r\n").ToString());
    }

    /// <summary>A letter with so many words of text.</summary>
    public byte[] Letter(string id, int words, bool withNeedle = false)
    {
        var text = Head(id, "Letter about " + Words[_random.Next(Words.Length)]);
        text.Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
        for (var i = 0; i < words; i += 10)
        {
            text.Append(Sentence(10)).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.Append(withNeedle ? $"{Needle} {ShortNeedle}\r\n" : "").ToString());
    }

    /// <summary>A word that stands in some subjects.</summary>
    public static string Word(int number) => Words[number % Words.Length];

    private static StringBuilder Head(string id, string subject) => new StringBuilder(80_000)
        .Append(CultureInfo.InvariantCulture, $"From: \"Ann Caller\" <caller@bench.invalid>\r\nTo: somebody@bench.invalid\r\nSubject: {subject}\r\n")
        .Append(CultureInfo.InvariantCulture, $"Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{id}@bench.invalid>\r\n");

    private string Sentence(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[_random.Next(Words.Length)]));
}
