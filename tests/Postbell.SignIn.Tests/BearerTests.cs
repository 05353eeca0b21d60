using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Mailbox;
using Postbell.SignIn.Sasl;
using Postbell.SignIn.Tokens;

namespace Postbell.SignIn.Tests;

/// <summary>Sign-in by tokens of a provider that really answers over HTTP.</summary>
public sealed class BearerTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_good_token_opens_the_mailbox_of_whom_it_names(string algorithm)
    {
        await using var provider = await TokenServer.StartAsync();
        await using var room = await GuardRoom.OpenAsync();
        var token = provider.Sign(TokenServer.Claims(room.Time.GetUtcNow()), algorithm);
        var (result, said) = await SignInAsync(room, provider, "n,a=ann@example.com,\u0001host=x\u0001port=143\u0001auth=Bearer " + token + "\u0001\u0001");
        (result.Outcome.Account?.UserName, said).ShouldBe(("ann", ""));
        (await SignInAsync(room, provider, $"user=ann\u0001auth=Bearer {token}\u0001\u0001", "XOAUTH2")).Result.Outcome.Account?.UserName.ShouldBe("ann");
    }

    public static TheoryData<string> Wrong => ["iss", "aud", "exp", "nbf", "scope", "user", "noexp", "nobody", "other-person"];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_token_that_says_something_wrong_is_refused_with_the_answer_of_RFC_7628(string what)
    {
        await using var provider = await TokenServer.StartAsync();
        await using var room = await GuardRoom.OpenAsync();
        var now = room.Time.GetUtcNow();
        var claims = TokenServer.Claims(now);
        _ = what switch
        {
            "iss" => claims["iss"] = "https://evil.example.com",
            "aud" => claims["aud"] = "somebody-else",
            "exp" => claims["exp"] = now.AddMinutes(-2).ToUnixTimeSeconds(),
            "nbf" => claims["nbf"] = now.AddMinutes(2).ToUnixTimeSeconds(),
            "scope" => claims["scope"] = "openid mailx",
            "nobody" => claims["preferred_username"] = "nobody",
            _ => claims.Remove(what == "user" ? "preferred_username" : what == "noexp" ? "exp" : "x"),
        };
        var name = what == "other-person" ? "bob" : "";
        var (result, said) = await SignInAsync(room, provider, Message(provider.Sign(claims), name));
        (result.End, result.Outcome.Verdict).ShouldBe((SaslEnd.Finished, SignInVerdict.Refused));
        using var answer = JsonDocument.Parse(said);
        answer.RootElement.GetProperty("status").GetString().ShouldBe("invalid_token");
        answer.RootElement.GetProperty("openid-configuration").GetString().ShouldBe("https://id.example.com/.well-known/openid-configuration");
    }

    [Fact]
    public async Task Signatures_that_are_none_or_of_another_kind_are_refused()
    {
        await using var provider = await TokenServer.StartAsync();
        await using var room = await GuardRoom.OpenAsync();
        var claims = TokenServer.Claims(room.Time.GetUtcNow());
        using var check = new KeyTokenCheck(Options(provider), room.Time);
        var good = provider.Sign(claims);
        (await check.CheckAsync(good, default)).Problem.ShouldBe(TokenProblem.None);
        var wrong = new Dictionary<string, TokenProblem>
        {
            [provider.Sign(claims, "HS256")] = TokenProblem.AlgorithmNotAllowed,
            [provider.Sign(claims, "none", header: new { alg = "none" })] = TokenProblem.AlgorithmNotAllowed,
            [provider.Sign(claims, "RS256", header: new { alg = "ES256", kid = "r1" })] = TokenProblem.UnknownKey,
            [provider.Sign(claims, "RS256", header: new { alg = "RS256", kid = "e1" })] = TokenProblem.UnknownKey,
            [provider.Sign(claims, "RS256", header: new { alg = "RS256", kid = "shared" })] = TokenProblem.UnknownKey,
            [provider.Sign(claims, "RS256", header: new { alg = "RS256", kid = "r1", crit = new[] { "x" } })] = TokenProblem.CriticalExtension,
            [good[..^10] + (good[^10] == 'A' ? 'B' : 'A') + good[^9..]] = TokenProblem.BadSignature,
            [good.Split('.')[0] + "." + provider.Sign(TokenServer.Claims(room.Time.GetUtcNow(), "bob")).Split('.')[1] + "." + good.Split('.')[2]] = TokenProblem.BadSignature,
            ["a.b"] = TokenProblem.Malformed,
            ["..."] = TokenProblem.Malformed,
            [new string('a', 20_000)] = TokenProblem.Malformed,
        };
        foreach (var (token, problem) in wrong)
        {
            (await check.CheckAsync(token, default)).Problem.ShouldBe(problem, token[..Math.Min(60, token.Length)]);
        }
    }

    [Fact]
    public async Task Keys_are_kept_fetched_again_when_a_new_one_signs_and_not_for_every_made_up_name()
    {
        await using var provider = await TokenServer.StartAsync();
        await using var room = await GuardRoom.OpenAsync();
        using var check = new KeyTokenCheck(Options(provider), room.Time);
        async Task<TokenProblem> TryAsync(string key) =>
            (await check.CheckAsync(provider.Sign(TokenServer.Claims(room.Time.GetUtcNow()), key: key), default)).Problem;
        (await TryAsync("r1")).ShouldBe(TokenProblem.None);
        (await TryAsync("r1")).ShouldBe(TokenProblem.None);
        provider.Fetches.ShouldBe(1);
        room.Time.Advance(TimeSpan.FromMinutes(1));
        provider.RsaKeys["r2"] = System.Security.Cryptography.RSA.Create(2048);
        (await TryAsync("r2")).ShouldBe(TokenProblem.None);
        provider.Fetches.ShouldBe(2);
        for (var i = 0; i < 5; i++)
        {
            var forged = provider.Sign(TokenServer.Claims(room.Time.GetUtcNow()), header: new { alg = "RS256", kid = "x" + i });
            (await check.CheckAsync(forged, default)).Problem.ShouldBe(TokenProblem.UnknownKey);
        }

        provider.Fetches.ShouldBe(2);
        provider.IsDown = true;
        room.Time.Advance(TimeSpan.FromHours(2));
        (await TryAsync("r2")).ShouldBe(TokenProblem.None);
        provider.Fetches.ShouldBe(3);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_not_the_clients_fault()
    {
        await using var provider = await TokenServer.StartAsync();
        await using var room = await GuardRoom.OpenAsync();
        provider.IsDown = true;
        var (result, _) = await SignInAsync(room, provider, Message(provider.Sign(TokenServer.Claims(room.Time.GetUtcNow()))));
        result.Outcome.Verdict.ShouldBe(SignInVerdict.Unavailable);
        room.Guard.Statistics.Tries.ShouldBe([(SignInDoor.Imap, SignInVerdict.Unavailable, 1L)]);
    }

    [Fact]
    public async Task A_token_may_be_asked_about_instead()
    {
        await using var provider = await TokenServer.StartAsync();
        await using var room = await GuardRoom.OpenAsync();
        provider.Known["opaque"] = new { active = true, preferred_username = "ann", aud = "postbell", scope = "mail" };
        provider.Known["foreign"] = new { active = true, preferred_username = "ann", aud = "calendar", scope = "mail" };
        provider.Known["old"] = new { active = true, preferred_username = "ann", exp = 1000, scope = "mail" };
        provider.Known["odd"] = new[] { 1 };
        using var check = new AskingTokenCheck(
            Options(provider) with { Keys = null, Introspection = provider.Introspection, ClientId = "um", ClientSecret = () => "p:w" }, room.Time);
        (await check.CheckAsync("opaque", default)).ShouldBe(new TokenVerdict(TokenProblem.None, "ann", DateTimeOffset.MaxValue));
        await check.CheckAsync("opaque", default);
        (provider.Questions, provider.LastCredentials).ShouldBe((1, "um:p%3Aw"));
        room.Time.Advance(TimeSpan.FromMinutes(2));
        provider.Known.Remove("opaque");
        (await check.CheckAsync("opaque", default)).Problem.ShouldBe(TokenProblem.Inactive);
        (await check.CheckAsync("foreign", default)).Problem.ShouldBe(TokenProblem.WrongAudience);
        (await check.CheckAsync("old", default)).Problem.ShouldBe(TokenProblem.Expired);
        (await check.CheckAsync("odd", default)).Problem.ShouldBe(TokenProblem.Inactive);
        provider.IsDown = true;
        await Should.ThrowAsync<SignInUnavailableException>(() => check.CheckAsync("other", default));
    }

    [Fact]
    public async Task Wrong_tokens_lock_the_source_and_no_account()
    {
        await using var provider = await TokenServer.StartAsync();
        await using var room = await GuardRoom.OpenAsync();
        using var tokens = new TokenSignIn(Options(provider), room.Store, room.Time, NullLoggerFactory.Instance);
        for (var i = 0; i < 30; i++)
        {
            (await SignInAsync(room, tokens, Message("x", "ann"))).Result.Outcome.Verdict.ShouldBe(SignInVerdict.Refused);
        }

        (await SignInAsync(room, tokens, Message("x", "ann"))).Result.Outcome.Verdict.ShouldBe(SignInVerdict.Locked);
        room.Guard.Locks.ShouldHaveSingleItem().Kind.ShouldBe("source");
    }

    [Fact]
    public async Task Without_a_provider_no_token_is_taken()
    {
        await using var room = await GuardRoom.OpenAsync();
        new SignInDesk(room.Store, room.Guard).Mechanisms(new SaslPeer(SignInDoor.Imap, "x", null)).ShouldBe(["SCRAM-SHA-256", "PLAIN", "LOGIN"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,\u0001auth=Bearer x\u0001")]
    [InlineData("n,,\u0001auth=Basic x\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer \u0001\u0001")]
    [InlineData("n,,\u0001host=x\u0001\u0001")]
    [InlineData("p=x,,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,b=x,\u0001auth=Bearer x\u0001\u0001")]
    [InlineData("n,,\u0001auth=Bearer x\u0001auth=Bearer y\u0001\u0001")]
    public void What_is_no_message_is_none(string text) => BearerMessage.Parse(text).ShouldBeNull();

    private static TokenOptions Options(TokenServer provider) => new()
    {
        Issuer = TokenServer.Issuer, Audience = "postbell", Keys = provider.Keys, Scope = "mail", MailDomain = "example.com",
    };

    private static string Message(string token, string name = "") => $"n,{(name.Length > 0 ? "a=" + name : "")},\u0001auth=Bearer {token}\u0001\u0001";

    private static async Task<(SaslResult Result, string Said)> SignInAsync(GuardRoom room, TokenServer provider, string message, string mechanism = "OAUTHBEARER")
    {
        using var tokens = new TokenSignIn(Options(provider), room.Store, room.Time, NullLoggerFactory.Instance);
        return await SignInAsync(room, tokens, message, mechanism);
    }

    private static async Task<(SaslResult Result, string Said)> SignInAsync(GuardRoom room, TokenSignIn tokens, string message, string mechanism = "OAUTHBEARER")
    {
        var said = "";
        var result = await new SignInDesk(room.Store, room.Guard, tokens).AuthenticateAsync(
            new SaslPeer(SignInDoor.Imap, GuardRoom.Home, null), mechanism, Convert.ToBase64String(Encoding.UTF8.GetBytes(message)),
            challenge =>
            {
                said = Encoding.UTF8.GetString(Convert.FromBase64String(challenge));
                return ValueTask.FromResult("AQ==");
            },
            default);
        return (result, said);
    }
}
