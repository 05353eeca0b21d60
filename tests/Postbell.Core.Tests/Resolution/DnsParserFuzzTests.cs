using System.Diagnostics;
using Postbell.Core.Resolution;

namespace Postbell.Core.Tests.Resolution;

/// <summary>Answers as no name server makes them: the parser has a message or a reason, quickly, and never throws.</summary>
public sealed class DnsParserFuzzTests
{
    private const int RoundsPerSeed = 20_000;

    // a.test with one address, whose owner is a pointer to the question.
    private static readonly byte[] Plain =
    [
        0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, (byte)'a', 4, (byte)'t', (byte)'e', (byte)'s', (byte)'t', 0, 0, 1, 0, 1,
        0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,
    ];

    // An alias, a service, a pointer, a mail server, a zone's word and an extension.
    private static readonly byte[] Rich =
    [
        0x12, 0x34, 0x81, 0x80, 0, 1, 0, 4, 0, 1, 0, 1, 1, (byte)'a', 4, (byte)'t', (byte)'e', (byte)'s', (byte)'t', 0, 0, 35, 0, 1,
        0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'b', 0xC0, 14,
        0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 10, 0, 1, 0, 2, 0x13, 0xC4, 1, (byte)'c', 0xC0, 14,
        0xC0, 12, 0, 35, 0, 1, 0, 0, 0, 60, 0, 16, 0, 1, 0, 2, 1, (byte)'s', 7, (byte)'S', (byte)'I', (byte)'P', (byte)'+', (byte)'D', (byte)'2', (byte)'U', 0, 0,
        0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 6, 0, 10, 1, (byte)'d', 0xC0, 14,
        0xC0, 14, 0, 6, 0, 1, 0, 0, 0, 60, 0, 24, 0xC0, 12, 0xC0, 14, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 30,
        0, 0, 41, 4, 0xD0, 0, 0, 0, 0, 0, 0,
    ];

    public static TheoryData<int> Seeds => [1, 2, 3, 4];

    [Fact]
    public void The_examples_are_good()
    {
        DnsParser.Parse(Plain, out var plain).ShouldBe(DnsParseFailure.None);
        plain!.Answers.ShouldBe([new DnsAddressRecord("a.test", DnsRecordType.A, 60, System.Net.IPAddress.Parse("192.0.2.1"))]);
        DnsParser.Parse(Rich, out var rich).ShouldBe(DnsParseFailure.None);
        rich!.Answers.ShouldBe(
        [
            new DnsAliasRecord("a.test", 60, "b.test"), new DnsServiceRecord("a.test", 60, 1, 2, 5060, "c.test"), new DnsPointerRecord("a.test", 60, 1, 2, "s", "SIP+D2U", ""),
            new DnsMailRecord("a.test", 60, 10, "d.test"),
        ]);
        rich.Authorities.ShouldBe([new DnsAuthorityRecord("test", 60, 30)]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_mutation_makes_the_parser_throw_or_hang(int seed)
    {
        var random = new Random(seed);
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < RoundsPerSeed; round++)
        {
            var bytes = (random.Next(2) == 0 ? Plain : Rich).ToList();
            for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(5))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes[at] = 0xC0;
                        break;
                    case 2:
                        bytes.RemoveRange(at, random.Next(bytes.Count - at));
                        break;
                    case 3:
                        bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(64), random.Next(300)));
                        break;
                    default:
                        bytes[at] = (byte)(random.Next(2) == 0 ? 0 : 255);
                        break;
                }
            }

            var failure = DnsParser.Parse([.. bytes], out var message);
            (message is null).ShouldBe(failure != DnsParseFailure.None);
        }

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Every_cut_of_an_answer_is_a_reason()
    {
        for (var length = 0; length < Rich.Length; length++)
        {
            DnsParser.Parse(Rich.AsSpan(0, length), out _).ShouldNotBe(DnsParseFailure.None);
        }
    }

    [Theory]
    [InlineData(12)]
    [InlineData(24)]
    [InlineData(26)]
    public void A_pointer_to_itself_or_forward_is_a_reason(byte target)
    {
        var bytes = Plain.ToArray();
        bytes[24] = 0xC0;
        bytes[25] = target;
        DnsParser.Parse(bytes, out _).ShouldBe(target == 12 ? DnsParseFailure.None : DnsParseFailure.BadPointer);
    }

    [Fact]
    public void A_name_that_pointers_make_endless_is_a_reason()
    {
        // Each record's owner is one label and a pointer to the owner before it.
        List<byte> bytes = [0, 1, 0x81, 0x80, 0, 1, 0, 200, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 1, 0, 1];
        var before = 12;
        for (var i = 0; i < 200; i++)
        {
            var here = bytes.Count;
            bytes.AddRange([2, (byte)'b', (byte)'b', (byte)(0xC0 | (before >> 8)), (byte)before, 0, 99, 0, 1, 0, 0, 0, 0, 0, 0]);
            before = here;
        }

        DnsParser.Parse([.. bytes], out _).ShouldBe(DnsParseFailure.LongName);
    }

    [Theory]
    [InlineData(2, 0x01, nameof(DnsParseFailure.NotAnAnswer))]
    [InlineData(2, 0xF9, nameof(DnsParseFailure.NotAnAnswer))]
    [InlineData(5, 2, nameof(DnsParseFailure.QuestionCount))]
    [InlineData(6, 255, nameof(DnsParseFailure.TooManyRecords))]
    [InlineData(13, (byte)' ', nameof(DnsParseFailure.BadLabel))]
    [InlineData(12, 0x41, nameof(DnsParseFailure.BadLabel))]
    [InlineData(35, 3, nameof(DnsParseFailure.BadData))]
    [InlineData(35, 5, nameof(DnsParseFailure.CutShort))]
    public void Each_thing_wrong_has_its_name(int at, byte value, string failure)
    {
        var bytes = Plain.ToArray();
        bytes[at] = value;
        DnsParser.Parse(bytes, out _).ToString().ShouldBe(failure);
    }
}
