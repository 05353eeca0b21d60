using System.Text;
using Postbell.Imap.Protocol;

namespace Postbell.Imap.Tests.Protocol;

/// <summary>Runs one parser over a text whose characters are its bytes (Latin-1).</summary>
internal static class Parse
{
    public delegate bool Parser<T>(ref CommandReader reader, out T value);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static T Good<T>(string text, Parser<T> parser, ImapLimits? limits = null)
    {
        var reader = new CommandReader(Bytes(text), limits ?? new ImapLimits());
        var good = parser(ref reader, out var value);
        reader.Failure.ShouldBe(ParseFailure.None, text);
        good.ShouldBeTrue();
        return value;
    }

    public static ParseFailure Bad<T>(string text, Parser<T> parser, ImapLimits? limits = null)
    {
        var reader = new CommandReader(Bytes(text), limits ?? new ImapLimits());
        parser(ref reader, out _).ShouldBeFalse(text);
        return reader.Failure;
    }
}
