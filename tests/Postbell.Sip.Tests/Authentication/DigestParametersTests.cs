using System.Diagnostics;
using Postbell.Sip.Authentication;

namespace Postbell.Sip.Tests.Authentication;

/// <summary>Reading of challenges and answers, and the computation of RFC 7616.</summary>
public sealed class DigestParametersTests
{
    private const string Example =
        "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm=SHA-256, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

    public static TheoryData<int> Seeds => [1, 2, 3, 4];

    [Fact]
    public void The_examples_of_RFC_7616_are_computed()
    {
        string Respond(DigestAlgorithm algorithm) => DigestHash.Respond(
            algorithm, "Mufasa", "http-auth@example.org", "Circle of Life", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            ("00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"), "GET", "/dir/index.html");

        Respond(DigestAlgorithm.Sha256).ShouldBe("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
        Respond(DigestAlgorithm.Md5).ShouldBe("8ca523f5e9506fed4657c9700eebdbec");
    }

    [Theory]
    [InlineData("Digest realm=\"a\\\"b\", nonce=x", "a\"b")]
    [InlineData("digest\tRealm = \"a, b\" ,nonce=\"x\",", "a, b")]
    [InlineData("DIGEST realm=token,,nonce=x", "token")]
    [InlineData("Digest realm=\"\", nonce=x", "")]
    public void Parameters_are_read(string text, string realm)
    {
        DigestParameters.Parse(text, out var parameters).ShouldBe(DigestParseFailure.None);
        parameters!["REALM"].ShouldBe(realm);
        parameters["nonce"].ShouldBe("x");
    }

    [Theory]
    [InlineData("Basic YTpi", nameof(DigestParseFailure.OtherScheme))]
    [InlineData("Digest", nameof(DigestParseFailure.OtherScheme))]
    [InlineData("Digest realm", nameof(DigestParseFailure.Syntax))]
    [InlineData("Digest realm=", nameof(DigestParseFailure.Syntax))]
    [InlineData("Digest realm=\"a", nameof(DigestParseFailure.Syntax))]
    [InlineData("Digest realm=\"a\"b", nameof(DigestParseFailure.Syntax))]
    [InlineData("Digest realm=a b", nameof(DigestParseFailure.Syntax))]
    [InlineData("Digest realm=a, REALM=b", nameof(DigestParseFailure.Repeated))]
    [InlineData("Digest realm=\"a\rb\"", nameof(DigestParseFailure.ControlCharacter))]
    [InlineData("Digest realm=\"a\nb\"", nameof(DigestParseFailure.ControlCharacter))]
    [InlineData("Digest realm=\"a\0b\"", nameof(DigestParseFailure.ControlCharacter))]
    public void What_is_wrong_has_a_name(string text, string failure)
    {
        DigestParameters.Parse(text, out var parameters).ToString().ShouldBe(failure);
        parameters.ShouldBeNull();
    }

    [Fact]
    public void Sizes_have_limits()
    {
        DigestParameters.Parse("Digest realm=\"" + new string('a', 5000) + "\"", out _).ShouldBe(DigestParseFailure.TooLong);
        DigestParameters.Parse("Digest " + string.Join(",", Enumerable.Range(0, 30).Select(i => $"p{i}=1")), out _).ShouldBe(DigestParseFailure.TooMany);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_mutation_makes_the_parser_throw_or_hang(int seed)
    {
        var random = new Random(seed);
        var started = Stopwatch.GetTimestamp();
        const string Letters = "\"\\=,; \t\r\n\0aD\u00e9\udc80";
        for (var round = 0; round < 20_000; round++)
        {
            var text = Example.ToList();
            for (var changes = random.Next(1, 8); changes > 0 && text.Count > 0; changes--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(3))
                {
                    case 0:
                        text[at] = Letters[random.Next(Letters.Length)];
                        break;
                    case 1:
                        text.RemoveRange(at, random.Next(text.Count - at));
                        break;
                    default:
                        text.InsertRange(at, text.GetRange(at, random.Next(Math.Min(200, text.Count - at))));
                        break;
                }
            }

            var failure = DigestParameters.Parse(new string([.. text]), out var parameters);
            (parameters is null).ShouldBe(failure != DigestParseFailure.None);
        }

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }
}
