using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/users: people, their passwords, PINs and greetings. No answer ever holds a secret that somebody else chose.</summary>
internal sealed class UsersResource(ServerParts parts)
{
    private const int MinPasswordLength = 8;

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/users", ListAsync);
        routes.MapPost("/api/v1/users", AddAsync);
        routes.MapPut("/api/v1/users/{user}/password", SetPasswordAsync);
        routes.MapPut("/api/v1/users/{user}/pin", SetPinAsync);
        routes.MapGet("/api/v1/users/{user}/mailbox", ShowMailboxAsync);
    }

    private async Task<IResult> ListAsync(CancellationToken cancellation)
    {
        var accounts = await parts.Store.ListAccountsAsync(cancellation);
        var rows = accounts.OrderBy(a => a.Extension, StringComparer.Ordinal)
            .Select(a => new UserRow(a.UserName, a.Extension, a.DisplayName, a.DialPlan, a.CreatedAt));
        return Results.Json(new UsersReply([.. rows]), Json.Options);
    }

    private async Task<IResult> AddAsync(NewUser wanted, CancellationToken cancellation)
    {
        var plans = parts.Configuration.Organization.DialPlans;
        var plan = wanted.DialPlan is null ? (plans.Count == 1 ? plans[0] : null) : parts.Configuration.Organization.FindDialPlan(wanted.DialPlan);
        if (plan is null)
        {
            return Problem.Invalid($"dial plan: name one of {string.Join(", ", plans.Select(p => p.Name))}");
        }

        if ((WhyNotNumber(plan, wanted.Number) ?? WhyNotPassword(wanted.Password) ?? WhyNotPin(wanted.Pin, wanted.Number)) is { } wrong)
        {
            return Problem.Invalid(wrong);
        }

        var accounts = await parts.Store.ListAccountsAsync(cancellation);
        if (accounts.FirstOrDefault(a => a.Extension == wanted.Number && a.DialPlan.Equals(plan.Name, StringComparison.OrdinalIgnoreCase)) is { } owner)
        {
            return Problem.Conflict($"{wanted.Number} is {owner.DisplayName}'s number already");
        }

        var (password, pin) = (wanted.Password ?? Secret.NewPassword(), wanted.Pin ?? Secret.NewPin(wanted.Number));
        var account = await parts.Store.CreateAccountAsync(
            new NewAccount
            {
                UserName = wanted.User, DisplayName = DisplayText.Clean(wanted.Name), Extension = wanted.Number, DialPlan = plan.Name, Password = password, Pin = pin,
            },
            cancellation);
        await TeamMailboxes.ApplyAsync(parts.Configuration.Organization, parts.Store, cancellation);
        await parts.People.RefreshAsync(cancellation);
        parts.Speech.PrepareGreeting(account.DisplayName, plan.DefaultLanguage);
        var reply = new NewUserReply(
            account.UserName, account.DisplayName, account.Extension, wanted.Password is null ? password : null, wanted.Pin is null ? pin : null);
        return Results.Json(reply, Json.Options, statusCode: StatusCodes.Status201Created);
    }

    private Task<IResult> SetPasswordAsync(string user, NewSecret wanted, CancellationToken cancellation) => WithAccountAsync(user, cancellation, async account =>
    {
        if (WhyNotPassword(wanted.Password) is { } wrong)
        {
            return Problem.Invalid(wrong);
        }

        var password = wanted.Password ?? Secret.NewPassword();
        await parts.Store.SetPasswordAsync(account.Id, password, cancellation);
        parts.Demo?.Remember(account.UserName, password: password);
        return Results.Json(new NewSecret(wanted.Password is null ? password : null, null), Json.Options);
    });

    private Task<IResult> SetPinAsync(string user, NewSecret wanted, CancellationToken cancellation) => WithAccountAsync(user, cancellation, async account =>
    {
        if (WhyNotPin(wanted.Pin, account.Extension) is { } wrong)
        {
            return Problem.Invalid(wrong);
        }

        var pin = wanted.Pin ?? Secret.NewPin(account.Extension);
        await parts.Store.SetPinAsync(account.Id, pin, cancellation);
        parts.Demo?.Remember(account.UserName, pin: pin);
        return Results.Json(new NewSecret(null, wanted.Pin is null ? pin : null), Json.Options);
    });

    private Task<IResult> ShowMailboxAsync(string user, CancellationToken cancellation) => WithAccountAsync(user, cancellation, async account =>
    {
        var voice = await parts.Store.CountVoiceAsync(account.Id, cancellation);
        var mailbox = await parts.Store.OpenMailboxAsync(account.Id, cancellation);
        var folders = new List<FolderRow>();
        foreach (var folder in await mailbox.ListFoldersAsync(cancellation))
        {
            var status = await mailbox.ReadStatusAsync(folder.Name, cancellation);
            folders.Add(new FolderRow(folder.Name, status.Messages, status.Unseen));
        }

        return Results.Json(new MailboxReply(account.UserName, voice.New, voice.Old, UsageRow.Of(await mailbox.ReadUsageAsync(cancellation)), folders), Json.Options);
    });

    /// <summary>Finds a person by user name or number and goes on with the account.</summary>
    public async Task<IResult> WithAccountAsync(string user, CancellationToken cancellation, Func<Account, Task<IResult>> then)
    {
        var account = await parts.Store.FindAccountAsync(user, cancellation)
            ?? (await parts.Store.ListAccountsAsync(cancellation)).FirstOrDefault(a => a.Extension == user);
        return account is null ? Problem.NotFound($"there is no user or number {user}") : await then(account);
    }

    private static string? WhyNotNumber(DialPlan plan, string number) =>
        number.Length == plan.NumberOfDigitsInExtension && number.All(char.IsAsciiDigit)
            ? null
            : $"number: extensions of dial plan {plan.Name} have {plan.NumberOfDigitsInExtension} digits";

    private static string? WhyNotPassword(string? password) => password is { Length: < MinPasswordLength } ? $"password: at least {MinPasswordLength} characters" : null;

    private static string? WhyNotPin(string? pin, string extension) => pin is null ? null : PinPolicy.Judge(pin, extension) switch
    {
        PinProblem.None => null,
        PinProblem.NotDigits => "pin: digits only",
        PinProblem.Weak => "pin: no runs, no repetitions, not the extension",
        _ => $"pin: {PinPolicy.MinLength} to {PinPolicy.MaxLength} digits",
    };
}
