using System.Net;
using Postbell.Directory.Yaml;
using Postbell.Server.Configuration;

namespace Postbell.Server.Tests.Configuration;

public sealed class SignInSectionTests
{
    [Fact]
    public void Limits_are_read()
    {
        var (configuration, errors) = Read("signIn: { failuresPerSource: 10, sourceLockTime: 5 min, longestSourceLock: 1 h, longestDelay: 4 s, networkKnownFor: 10 d, sharedSources: [10.0.0.0/8] }");
        errors.ShouldBeEmpty();
        var limits = configuration!.SignIn;
        (limits.FailuresPerSource, limits.SourceLockTime, limits.LongestSourceLock).ShouldBe((10, TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)));
        (limits.LongestDelay, limits.NetworkKnownFor).ShouldBe((TimeSpan.FromSeconds(4), TimeSpan.FromDays(10)));
        limits.SharedSources.ShouldBe([IPNetwork.Parse("10.0.0.0/8")]);
    }

    [Fact]
    public void Tokens_are_read()
    {
        var (configuration, errors) = Read("signIn: { tokens: { issuer: 'https://id', audience: um, keys: 'https://id/keys', userClaim: email, scope: mail } }");
        errors.ShouldBeEmpty();
        var tokens = configuration!.Tokens.ShouldNotBeNull();
        (tokens.Issuer, tokens.Audience, tokens.Keys, tokens.UserClaim, tokens.Scope, tokens.MailDomain).ShouldBe(("https://id", "um", new Uri("https://id/keys"), "email", "mail", "localhost"));
    }

    [Theory]
    [InlineData("signIn: { failuresPerSource: 1 }", "from 3")]
    [InlineData("signIn: { sourceLockTime: 2 h, longestSourceLock: 1 h }", "must not be shorter")]
    [InlineData("signIn: { sharedSources: [here] }", "must have addresses")]
    [InlineData("signIn: { nonsense: 1 }", "nonsense")]
    [InlineData("signIn: { tokens: { issuer: a, audience: b } }", "either keys or introspection")]
    [InlineData("signIn: { tokens: { issuer: a, audience: b, keys: 'http://id.example.com/keys' } }", "must be an https address")]
    [InlineData("signIn: { tokens: { issuer: a, audience: b, introspection: 'https://id.example.com/i' } }", "needs clientId")]
    [InlineData("signIn: { tokens: { audience: b, keys: 'https://id.example.com/keys' } }", "issuer")]
    public void A_mistake_is_named(string line, string mistake) =>
        Read(line).Errors.ShouldContain(e => e.ToString().Contains(mistake, StringComparison.Ordinal));

    private static (ServerConfiguration? Configuration, IReadOnlyList<ConfigurationError> Errors) Read(string line) =>
        ConfigurationFile.Read("data: x\n" + line + "\norganization: { dialPlans: [ { name: Main, numberOfDigitsInExtension: 4 } ] }\n", "postbell.yaml", "/tmp");
}
