using System.Text;
using Postbell.Mailbox;
using Postbell.SignIn.Sasl;
using Postbell.TestKit;

namespace Postbell.SignIn.Tests;

public sealed class ScramTests
{
    private static readonly byte[] EndPoint = [1, 2, 3];

    [Fact]
    public void The_client_of_these_tests_computes_what_RFC_7677_does()
    {
        var client = new ScramClient("user", "pencil");
        client.Final("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
            .ShouldEndWith(",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        client.ServerFinal.ShouldBe("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    [Theory]
    [InlineData("n,,")]
    [InlineData("y,,")]
    [InlineData("n,a=ann,")]
    public async Task Who_knows_the_password_comes_in_and_sees_that_the_server_knows_it(string header)
    {
        await using var room = await GuardRoom.OpenAsync();
        var (result, said) = await PlayAsync(room, new ScramClient("ann", GuardRoom.Right) { Header = header });
        (result.End, result.Outcome.Account?.UserName, result.UserName).ShouldBe((SaslEnd.Finished, "ann", "ann"));
        said.ShouldStartWith("v=");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_after_the_same_steps_and_counts()
    {
        await using var room = await GuardRoom.OpenAsync();
        var (result, said) = await PlayAsync(room, new ScramClient("ann", "wrong"));
        result.Outcome.Verdict.ShouldBe(SignInVerdict.Refused);
        said.ShouldStartWith("r=");
        room.Guard.Statistics.Tries.ShouldBe([(SignInDoor.Imap, SignInVerdict.Refused, 1L)]);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_looks_like_one_that_does()
    {
        await using var room = await GuardRoom.OpenAsync();
        var (ann, nobody, again) = (new ScramClient("ann", "x"), new ScramClient("nobody", "x"), new ScramClient("Nobody", "x"));
        var known = await PlayAsync(room, ann);
        var unknown = await PlayAsync(room, nobody);
        await room.RestartAsync();
        await PlayAsync(room, again);
        unknown.Result.ShouldBe(known.Result with { UserName = "nobody" });
        Convert.FromBase64String(nobody.Salt).Length.ShouldBe(Convert.FromBase64String(ann.Salt).Length);
        again.Salt.ShouldBe(nobody.Salt);
        nobody.Salt.ShouldNotBe(ann.Salt);
    }

    [Fact]
    public async Task With_plus_the_proof_is_good_on_this_channel_only()
    {
        await using var room = await GuardRoom.OpenAsync();
        var right = new ScramClient("ann", GuardRoom.Right) { Header = "p=tls-server-end-point,,", Binding = EndPoint };
        (await PlayAsync(room, right, "SCRAM-SHA-256-PLUS", EndPoint)).Result.Outcome.Verdict.ShouldBe(SignInVerdict.Accepted);
        var relayed = new ScramClient("ann", GuardRoom.Right) { Header = "p=tls-server-end-point,,", Binding = [9, 9, 9] };
        (await PlayAsync(room, relayed, "SCRAM-SHA-256-PLUS", EndPoint)).Result.Outcome.Verdict.ShouldBe(SignInVerdict.Refused);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256", "y,,")]
    [InlineData("SCRAM-SHA-256", "p=tls-server-end-point,,")]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-unique,,")]
    [InlineData("SCRAM-SHA-256-PLUS", "n,,")]
    public async Task Weakening_the_channel_is_noticed_before_a_salt_is_told(string mechanism, string header)
    {
        await using var room = await GuardRoom.OpenAsync();
        var (result, said) = await PlayAsync(room, new ScramClient("ann", GuardRoom.Right) { Header = header }, mechanism, EndPoint);
        (result.End, result.Outcome.Verdict, said).ShouldBe((SaslEnd.Finished, SignInVerdict.Refused, ""));
    }

    [Fact]
    public async Task Without_TLS_there_is_no_plus()
    {
        await using var room = await GuardRoom.OpenAsync();
        (await PlayAsync(room, new ScramClient("ann", "x"), "SCRAM-SHA-256-PLUS")).Result.End.ShouldBe(SaslEnd.NotOffered);
    }

    [Fact]
    public async Task Acting_for_somebody_else_is_refused()
    {
        await using var room = await GuardRoom.OpenAsync();
        (await PlayAsync(room, new ScramClient("ann", GuardRoom.Right) { Header = "n,a=bob," })).Result.Outcome.Verdict.ShouldBe(SignInVerdict.Refused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,")]
    [InlineData("n,,n=ann")]
    [InlineData("n,,n=ann,r=")]
    [InlineData("n,,n=ann,r=a b")]
    [InlineData("n,,r=abc,n=ann")]
    [InlineData("x,,n=ann,r=abc")]
    [InlineData("p=,,n=ann,r=abc")]
    [InlineData("n,b=x,n=ann,r=abc")]
    [InlineData("n,,m=ext,n=ann,r=abc")]
    [InlineData("n,,n=a=nn,r=abc")]
    public void What_is_no_first_message_is_none(string text) => ScramFirst.Parse(text).ShouldBeNull();

    [Fact]
    public void Commas_and_equals_signs_of_names_are_coded() => ScramFirst.Parse("n,,n=a=2Cb=3Dc,r=abc,ext=1")!.UserName.ShouldBe("a,b=c");

    [Theory]
    [InlineData("")]
    [InlineData("c=biws,r=abc")]
    [InlineData("c=!,r=abc,p=AAAA")]
    [InlineData("c=biws,p=AAAA,r=abc")]
    [InlineData("c=biws,r=abc,p=?")]
    public void What_is_no_final_message_is_none(string text) => ScramFinal.Parse(text).ShouldBeNull();

    [Fact]
    public void Hostile_messages_never_throw()
    {
        var random = new Random(7);
        var seeds = new[] { "n,,n=ann,r=abc", "p=tls-server-end-point,a=x,n=a=2C,r=abc", "c=biws,r=abc,p=AAAA" };
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder(seeds[i % seeds.Length]);
            for (var j = random.Next(1, 6); j > 0; j--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, (char)random.Next(256)),
                    _ => text.Insert(at, ",=\0"),
                };
                if (text.Length == 0)
                {
                    text.Append('n');
                }
            }

            ScramFirst.Parse(text.ToString());
            ScramFinal.Parse(text.ToString());
        }
    }

    [Fact]
    public async Task A_password_of_an_earlier_version_is_good_for_PLAIN_and_SCRAM()
    {
        await using var room = await GuardRoom.OpenAsync();
        await room.MakeOldPasswordAsync();
        (await room.TryAsync(GuardRoom.Right)).Verdict.ShouldBe(SignInVerdict.Accepted);
        (await room.TryAsync("wrong")).Verdict.ShouldBe(SignInVerdict.Refused);
        (await PlayAsync(room, new ScramClient("ann", GuardRoom.Right))).Result.Outcome.Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    [Fact]
    public async Task Spaces_and_what_shows_nothing_are_the_same_in_both_mechanisms()
    {
        await using var room = await GuardRoom.OpenAsync();
        await room.Store.SetPasswordAsync(room.Ann.Id, "gr\u00fcn\u00a0er\u00ad Tee", default);
        (await PlayAsync(room, new ScramClient("ann", "gr\u00fcn er Tee"))).Result.Outcome.Verdict.ShouldBe(SignInVerdict.Accepted);
        (await room.TryAsync("gr\u00fcn\u00a0er\u00ad Tee")).Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    private static async Task<(SaslResult Result, string Said)> PlayAsync(GuardRoom room, ScramClient client, string mechanism = "SCRAM-SHA-256", byte[]? endPoint = null)
    {
        var desk = new SignInDesk(room.Store, room.Guard);
        var said = new List<string>();
        var result = await desk.AuthenticateAsync(
            new SaslPeer(SignInDoor.Imap, GuardRoom.Home, endPoint), mechanism, Coded(client.First),
            challenge =>
            {
                said.Add(Encoding.UTF8.GetString(Convert.FromBase64String(challenge)));
                return ValueTask.FromResult(said.Count == 1 && said[0][0] == 'r' ? Coded(client.Final(said[0])) : "");
            },
            default);
        if (result.Outcome.Account is not null)
        {
            said[^1].ShouldBe(client.ServerFinal);
        }

        return (result, said.LastOrDefault() ?? "");
    }

    private static string Coded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
