using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Postbell.SignIn.Tests;

/// <summary>A real identity provider over HTTP on this machine: gives out its keys, makes tokens, answers about tokens.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    public const string Issuer = "https://id.example.com";

    private readonly WebApplication _app;

    private TokenServer(WebApplication app) => _app = app;

    public Dictionary<string, RSA> RsaKeys { get; } = new() { ["r1"] = RSA.Create(2048) };

    public Dictionary<string, ECDsa> EcKeys { get; } = new() { ["e1"] = ECDsa.Create(ECCurve.NamedCurves.nistP256) };

    /// <summary>What introspection says of a token.</summary>
    public Dictionary<string, object> Known { get; } = [];

    public int Fetches { get; private set; }

    public int Questions { get; private set; }

    public string LastCredentials { get; private set; } = "";

    public bool IsDown { get; set; }

    public Uri Keys => new(_app.Urls.First() + "/keys");

    public Uri Introspection => new(_app.Urls.First() + "/introspect");

    public static async Task<TokenServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new TokenServer(app);
        app.MapGet("/keys", server.GiveKeys);
        app.MapPost("/introspect", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public static Dictionary<string, object> Claims(DateTimeOffset now, string user = "ann") => new()
    {
        ["iss"] = Issuer, ["aud"] = new[] { "postbell", "other" }, ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(), ["preferred_username"] = user, ["scope"] = "openid mail",
    };

    public string Sign(object claims, string algorithm = "RS256", string? key = null, object? header = null)
    {
        key ??= algorithm[0] == 'E' ? "e1" : "r1";
        var data = $"{Part(header ?? new { alg = algorithm, kid = key, typ = "JWT" })}.{Part(claims)}";
        var bytes = Encoding.ASCII.GetBytes(data);
        var signature = algorithm switch
        {
            "RS256" => RsaKeys[key].SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS256" => RsaKeys[key].SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "ES256" => EcKeys[key].SignData(bytes, HashAlgorithmName.SHA256),
            // A public key taken for a shared secret: what an attacker knows.
            "HS256" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(RsaKeys[key].ExportSubjectPublicKeyInfoPem()), bytes),
            _ => [],
        };
        return $"{data}.{Coded(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        foreach (var key in RsaKeys.Values)
        {
            key.Dispose();
        }

        foreach (var key in EcKeys.Values)
        {
            key.Dispose();
        }
    }

    private IResult GiveKeys()
    {
        Fetches++;
        if (IsDown)
        {
            return Results.StatusCode(503);
        }

        var keys = new List<object>();
        foreach (var (id, key) in RsaKeys)
        {
            var public_ = key.ExportParameters(false);
            keys.Add(new { kty = "RSA", kid = id, use = "sig", n = Coded(public_.Modulus!), e = Coded(public_.Exponent!) });
        }

        foreach (var (id, key) in EcKeys)
        {
            var public_ = key.ExportParameters(false);
            keys.Add(new { kty = "EC", kid = id, crv = "P-256", x = Coded(public_.Q.X!), y = Coded(public_.Q.Y!) });
        }

        keys.Add(new { kty = "oct", kid = "shared", k = "c2VjcmV0" });
        return Results.Json(new { keys });
    }

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        Questions++;
        LastCredentials = Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers.Authorization.ToString()["Basic ".Length..]));
        var form = await request.ReadFormAsync();
        return IsDown ? Results.StatusCode(500)
            : Known.TryGetValue(form["token"].ToString(), out var answer) ? Results.Json(answer)
            : Results.Json(new { active = false });
    }

    private static string Part(object value) => Coded(JsonSerializer.SerializeToUtf8Bytes(value));

    private static string Coded(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
