using Microsoft.Extensions.Logging;
using Postbell.Imap.Commands;
using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>
/// One client from greeting to goodbye: reads a command, runs it by the table, tells what happened meanwhile, answers.
/// </summary>
/// <remarks>Everything runs in the one loop of the connection; only <see cref="OnChange"/> and <see cref="Stop"/> come from other threads.</remarks>
internal sealed partial class ImapSession(ImapConnection connection, ImapServices services) : IWatchingSession
{
    private int _badInARow;
    private SelectedFolder? _selected;

    public ImapConnection Connection => connection;

    public ImapServices Services => services;

    public ResponseWriter Writer => connection.Writer;

    public SessionState State { get; private set; } = SessionState.NotAuthenticated;

    /// <summary>The person signed in.</summary>
    public Account Account { get; private set; } = null!;

    /// <summary>The mailbox of the person signed in.</summary>
    public MailboxView Mailbox { get; private set; } = null!;

    /// <summary>All names the person's clients may say, his own and those of folders others share with him.</summary>
    public MailPlaces Places { get; private set; } = null!;

    /// <summary>The folder selected; only in the state Selected.</summary>
    public SelectedFolder Selected => _selected!;

    /// <summary>What the client has enabled.</summary>
    public EnabledExtensions Enabled { get; } = new();

    public int LoginAttempts { get; set; }

    /// <summary>Runs to the end of the session.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            Writer.Untagged($"OK [CAPABILITY {CapabilityTable.Names(this)}] Postbell ready");
            await connection.FlushAsync();
            while (State != SessionState.Logout)
            {
                var (outcome, text) = await connection.ReadCommandAsync(wakeable: _notices is not null);
                if (outcome == ReadOutcome.Complete)
                {
                    await ExecuteAsync(text, ct);
                }
                else if (outcome == ReadOutcome.Woken)
                {
                    await TellNoticesAsync(ct);
                }
                else
                {
                    RefuseUnread(outcome, text);
                }

                await connection.FlushAsync();
            }
        }
        catch (SessionEndException end)
        {
            await SayGoodbyeAsync(end.Outcome);
        }
        finally
        {
            if (connection.IsTrusted)
            {
                LeaveFolder();
                services.Watch.Remove(Account.Id, this);
            }
        }
    }

    /// <summary>From the change feed, on any thread.</summary>
    public void OnChange(MailboxChange change)
    {
        var selected = _selected;
        var everywhere = change.Kind == MailboxChangeKind.Overrun;
        var concerned = selected is not null && (everywhere || change.AccountId == selected.Mailbox.AccountId)
            && (change.FolderId == 0 || change.FolderId == selected.Folder.Id);
        if (concerned)
        {
            selected!.MarkChanged();
        }

        var noted = (everywhere || change.AccountId == Account.Id) && _notices?.Note(change) == true;
        if (noted || concerned)
        {
            connection.Wake();
        }
    }

    /// <summary>The server is shutting down; from any thread.</summary>
    public void Stop() => connection.Stop();

    /// <summary>Someone signed in.</summary>
    public async Task EnterAsync(Account account, CancellationToken ct)
    {
        Mailbox = await services.Store.OpenMailboxAsync(account.Id, ct);
        Account = account;
        Places = new MailPlaces(services.Store, Mailbox);
        State = SessionState.Authenticated;
        connection.IsTrusted = true;
        services.Watch.Add(account.Id, this);
    }

    public void SelectFolder(SelectedFolder folder)
    {
        _selected = folder;
        State = SessionState.Selected;
        if (folder.Mailbox.AccountId != Account.Id)
        {
            services.Watch.Add(folder.Mailbox.AccountId, this);
        }
    }

    /// <summary>The client has shown that it knows MODSEQ (RFC 7162 section 3.1): it is told of it from now on.</summary>
    public void UseCondStore()
    {
        if (Enabled.Add(ImapExtensions.CondStore))
        {
            TellHighestModSeq();
        }
    }

    /// <summary>Tells the MODSEQ up to which this client has been told everything of the selected folder.</summary>
    public void TellHighestModSeq()
    {
        if (State == SessionState.Selected)
        {
            Selected.TellHighestModSeq(Writer);
        }
    }

    public void LeaveFolder()
    {
        if (_selected is { } left && left.Mailbox.AccountId != Account.Id)
        {
            services.Watch.Remove(left.Mailbox.AccountId, this);
        }

        _selected = null;
        State = SessionState.Authenticated;
    }

    /// <summary>Looks what the person may do with the selected folder now, and goes on only where that is enough.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NotPermitted"/>, <see cref="MailboxFailure.NoSuchFolder"/>.</exception>
    public async Task DemandAsync(FolderRights needed, CancellationToken ct)
    {
        await RefreshRightsAsync(ct);
        if (!Selected.Rights.HasFlag(needed))
        {
            throw MailPlace.Missing(Selected.Rights);
        }
    }

    /// <summary>Rights on a folder of somebody else can be taken away at any time.</summary>
    public async Task RefreshRightsAsync(CancellationToken ct)
    {
        if (Selected.Mailbox.AccountId != Account.Id)
        {
            Selected.Rights = await services.Store.ReadRightsAsync(Selected.Mailbox.AccountId, Selected.Folder.Id, Account.Id, ct);
        }
    }

    public void Leave() => State = SessionState.Logout;

    /// <summary>Says BYE; the session ends after the answer.</summary>
    public void Bye(string text)
    {
        Writer.Untagged("BYE " + text);
        State = SessionState.Logout;
    }

    /// <summary>Looks what happened in the selected folder and tells it.</summary>
    public async Task TellAsync(Telling telling, bool uidInFetch, CancellationToken ct)
    {
        if (State != SessionState.Selected || telling == Telling.Nothing)
        {
            return;
        }

        await RefreshRightsAsync(ct);
        if (!Selected.Rights.HasFlag(FolderRights.Read))
        {
            Bye("[NOPERM] The mailbox may not be read any more");
            return;
        }

        await Selected.NoteAsync(always: telling == Telling.LookAndTellEverything, ct);
        if (Selected.IsGone)
        {
            Bye("[NONEXISTENT] The mailbox was deleted");
            return;
        }

        Selected.Tell(Writer, expunge: telling != Telling.NumbersStay, uidInFetch, _notices?.Withheld ?? NotifyEvents.None);
    }

    private async Task ExecuteAsync(CommandText text, CancellationToken ct)
    {
        if (!CommandHead.TryParse(text.Bytes.Span, connection.Limits, out var head, out var failure))
        {
            Answer(head.Tag, "unknown", CommandResult.Bad(ParseFailureText.Describe(failure)));
            return;
        }

        var entry = CommandTable.Find(head.Name, head.IsUid);
        if (entry is null)
        {
            Answer(head.Tag, "unknown", CommandResult.Bad(ParseFailureText.Describe(ParseFailure.CommandUnknown)));
            return;
        }

        var name = head.IsUid ? "UID " + entry.Name : entry.Name;
        if ((entry.States & State) == 0)
        {
            Answer(head.Tag, name, CommandResult.Bad(NotNow(entry.States)));
            return;
        }

        var result = await RunAsync(entry, new CommandCall(head, text, connection.Limits, Enabled.Utf8Names), ct);
        if (result.Outcome != ImapOutcome.Bad)
        {
            var telling = head.IsUid && entry.Telling == Telling.NumbersStay ? Telling.Everything : entry.Telling;
            result = WithModSeq(await TellOrRefuseAsync(telling, head.IsUid, result, ct));
        }

        Answer(head.Tag, name, result);
        if (result.ThenTls)
        {
            await StartTlsAsync();
        }
        else if (result.ThenDeflate)
        {
            await connection.FlushAsync();
            connection.StartDeflate();
        }
    }

    /// <summary>
    /// With QRESYNC a client trusts the highest MODSEQ it saw. Where messages went, or cannot be told yet that they went, it is told what it may
    /// come back with (RFC 7162 section 3.2.7, and erratum 1810 of RFC 5162).
    /// </summary>
    private CommandResult WithModSeq(CommandResult result)
    {
        if (State != SessionState.Selected || !Enabled.QResync || !(result.Expunged || Selected.HoldsBack))
        {
            return result;
        }

        if (result.Code is null)
        {
            return result with { Code = $"HIGHESTMODSEQ {Selected.ToldModSeq}" };
        }

        Selected.TellHighestModSeq(Writer);
        return result;
    }

    private async Task StartTlsAsync()
    {
        connection.DropBuffered();
        await connection.FlushAsync();
        if (!await connection.UpgradeToTlsAsync())
        {
            services.Statistics.TlsFailed();
            services.Log.TlsFailed(connection.Remote);
            throw new SessionEndException(ReadOutcome.Closed);
        }
    }

    private async Task<CommandResult> RunAsync(CommandEntry entry, CommandCall call, CancellationToken ct)
    {
        try
        {
            return await entry.RunAsync(this, call, ct);
        }
        catch (MailboxException refusal) when (Writer.AtLineStart)
        {
            services.Log.CommandRefused(entry.Name, refusal.Reason);
            return Refusal.Of(refusal);
        }
        catch (Exception fault) when (Writer.AtLineStart && fault is not (IOException or OperationCanceledException or SessionEndException))
        {
            services.Log.CommandFailed(entry.Name, fault);
            return CommandResult.No("SERVERBUG", "The command failed inside the server");
        }
    }

    private async Task<CommandResult> TellOrRefuseAsync(Telling telling, bool uidInFetch, CommandResult result, CancellationToken ct)
    {
        try
        {
            await TellAsync(telling, uidInFetch, ct);
            return result;
        }
        catch (MailboxException refusal)
        {
            services.Log.CommandRefused("(changes)", refusal.Reason);
            return Refusal.Of(refusal);
        }
    }

    private void Answer(string tag, string command, CommandResult result)
    {
        services.Statistics.Ended(command, result.Outcome);
        var word = result.Outcome switch
        {
            ImapOutcome.Ok => " OK ",
            ImapOutcome.No => " NO ",
            _ => " BAD ",
        };
        Writer.Text(tag).Text(word);
        if (result.Code is not null)
        {
            Writer.Text("[").Text(result.Code).Text("] ");
        }

        Writer.Text(result.Text).Line();
        _badInARow = result.Outcome == ImapOutcome.Bad ? _badInARow + 1 : 0;
        if (_badInARow >= connection.Limits.BadCommands && State != SessionState.Logout)
        {
            Bye("Too many commands that are none");
        }
    }

    private void RefuseUnread(ReadOutcome outcome, CommandText text)
    {
        // Where no tag could be read the answer goes without one.
        _ = CommandHead.TryParse(text.Bytes.Span, connection.Limits, out var head, out _);
        switch (outcome)
        {
            case ReadOutcome.LineTooLong when connection.IsTrusted:
                Answer(head.Tag, "unknown", CommandResult.Bad(ParseFailureText.Describe(ParseFailure.LineTooLong), "TOOBIG"));
                break;
            case ReadOutcome.LiteralTooLarge:
                Answer(head.Tag, "unknown", CommandResult.Bad(ParseFailureText.Describe(ParseFailure.CommandTooLong), "TOOBIG"));
                break;
            case ReadOutcome.LineTooLong or ReadOutcome.LiteralFlood:
                Bye("[TOOBIG] " + ParseFailureText.Describe(ParseFailure.CommandTooLong));
                break;
            default:
                throw new SessionEndException(outcome);
        }
    }

    private async Task SayGoodbyeAsync(ReadOutcome outcome)
    {
        switch (outcome)
        {
            case ReadOutcome.TimedOut:
                Bye("Closed after too long a silence");
                break;
            case ReadOutcome.Stopping:
                Bye("[UNAVAILABLE] The server is shutting down");
                break;
            case ReadOutcome.LineTooLong or ReadOutcome.LiteralFlood or ReadOutcome.LiteralTooLarge:
                Bye("[TOOBIG] " + ParseFailureText.Describe(ParseFailure.CommandTooLong));
                break;
            default:
                return;
        }

        await connection.FlushAsync();
    }

    private static string NotNow(SessionState allowed) => allowed switch
    {
        SessionState.NotAuthenticated => "Already signed in",
        SessionState.Selected => "Select a mailbox first",
        _ => "Sign in first",
    };
}
