using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Mailbox;
using Postbell.SignIn.Tokens;

namespace Postbell.SignIn;

/// <summary>Turns a token of the identity provider into the account whose it is. Safe from any thread.</summary>
public sealed partial class TokenSignIn : IDisposable
{
    private readonly ITokenCheck _check;
    private readonly MailStore _store;
    private readonly ILogger _log;

    /// <summary>Nothing is fetched yet. What is given stays the caller's.</summary>
    /// <param name="options">Which tokens; either its keys or its introspection must be given.</param>
    /// <param name="store">Where accounts are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it logs.</param>
    public TokenSignIn(TokenOptions options, MailStore store, TimeProvider time, ILoggerFactory log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Options, _store, _log) = (options, store, log.CreateLogger<TokenSignIn>());
        _check = options.Keys is not null ? new KeyTokenCheck(options, time) : new AskingTokenCheck(options, time);
    }

    internal TokenOptions Options { get; }

    /// <inheritdoc />
    public void Dispose() => _check.Dispose();

    /// <summary>The account of a token; null when it is not good, or for an account other than the one wanted.</summary>
    /// <exception cref="SignInUnavailableException">The provider cannot be asked.</exception>
    internal async Task<Account?> FindAsync(string token, string wanted, CancellationToken ct)
    {
        TokenVerdict verdict;
        try
        {
            verdict = await _check.CheckAsync(token, ct).ConfigureAwait(false);
        }
        catch (SignInUnavailableException fault)
        {
            LogUnavailable(_log, fault.Message);
            throw;
        }

        if (verdict.Problem != TokenProblem.None)
        {
            LogRefused(_log, verdict.Problem);
            return null;
        }

        var account = await AccountOfAsync(verdict.User, ct).ConfigureAwait(false);
        if (account is null)
        {
            LogNobody(_log, DisplayText.Clean(verdict.User));
            return null;
        }

        // The name beside the token may only say the same once more.
        return wanted.Length == 0 || (await AccountOfAsync(wanted, ct).ConfigureAwait(false))?.Id == account.Id ? account : null;
    }

    private async Task<Account?> AccountOfAsync(string name, CancellationToken ct)
    {
        if (await _store.FindAccountAsync(name, ct).ConfigureAwait(false) is { } account)
        {
            return account;
        }

        var at = name.LastIndexOf('@');
        return at > 0 && name[(at + 1)..].Equals(Options.MailDomain, StringComparison.OrdinalIgnoreCase)
            ? await _store.FindAccountAsync(name[..at], ct).ConfigureAwait(false)
            : null;
    }

    [LoggerMessage(EventId = 5611, Level = LogLevel.Warning, Message = "A token was refused: {Problem}")]
    private static partial void LogRefused(ILogger log, TokenProblem problem);

    [LoggerMessage(EventId = 5612, Level = LogLevel.Warning, Message = "A good token is for \"{User}\", who has no account here")]
    private static partial void LogNobody(ILogger log, string user);

    [LoggerMessage(EventId = 5613, Level = LogLevel.Error, Message = "Nobody can sign in with a token: {Reason}")]
    private static partial void LogUnavailable(ILogger log, string reason);
}
