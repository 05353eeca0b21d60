using Postbell.Mailbox;
using Postbell.Smtp.Protocol;

namespace Postbell.Smtp.Session;

/// <summary>One client from greeting to goodbye: reads a command, runs it by the table, replies.</summary>
/// <remarks>Everything runs in the one loop of the connection; only <see cref="Stop"/> comes from other threads.</remarks>
internal sealed class SmtpSession(SmtpConnection connection, SmtpDoor door, bool trusted, SmtpServices services) : IDisposable
{
    private readonly long _startedAt = services.Time.GetTimestamp();
    private int _bad;
    private int _idle;
    private int _unknownRecipients;

    public SmtpConnection Connection => connection;

    public SmtpDoor Door => door;

    public SmtpServices Services => services;

    public SmtpLimits Limits => services.Options.Limits;

    public SessionState State { get; private set; } = SessionState.Connected;

    /// <summary>What the client calls itself; for Received.</summary>
    public string Greeting { get; private set; } = "";

    /// <summary>True after EHLO or LHLO: extensions may be used.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>The person signed in; null at the intake and before.</summary>
    public Account? Account { get; set; }

    /// <summary>The message under way.</summary>
    public MailTransaction? Transaction { get; private set; }

    public int LoginAttempts { get; set; }

    public int Messages { get; set; }

    /// <summary>Longest silence the client may have now.</summary>
    public TimeSpan Patience => door == SmtpDoor.Submission && Account is null
        // Before login the whole visit is limited, so that a byte now and then does not hold a place.
        ? services.Options.LoginTimeout - services.Time.GetElapsedTime(_startedAt)
        : services.Options.CommandTimeout;

    /// <summary>Runs to the end of the session.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            connection.WriteLine($"220 {services.Options.HostName} {(door == SmtpDoor.Lmtp ? "LMTP" : "ESMTP")} Postbell ready");
            while (State != SessionState.Closed)
            {
                var (outcome, line) = await connection.ReadLineAsync(Limits.CommandLineBytes, Patience);
                switch (outcome)
                {
                    case ReadOutcome.Complete:
                        await ExecuteAsync(line, ct);
                        break;
                    case ReadOutcome.LineTooLong:
                        Answer("unknown", new Reply(500, "5.5.6", "The line is too long"));
                        break;
                    default:
                        throw new SessionEndException(outcome);
                }
            }

            await connection.FlushAsync();
        }
        catch (SessionEndException end)
        {
            await SayGoodbyeAsync(end.Outcome);
        }
    }

    /// <summary>The server is shutting down; from any thread.</summary>
    public void Stop() => connection.Stop();

    /// <summary>EHLO, HELO or LHLO was taken: whatever was under way is dropped.</summary>
    public void Greet(string name, bool extended)
    {
        Reset();
        Greeting = name;
        IsExtended = extended;
        State = SessionState.Greeted;
    }

    /// <summary>After STARTTLS nothing is known of the client (RFC 3207 section 4.2).</summary>
    public void Forget()
    {
        Reset();
        (Greeting, IsExtended, Account, State) = ("", false, null, SessionState.Connected);
    }

    public void Begin(MailTransaction transaction)
    {
        Transaction = transaction;
        State = SessionState.Sender;
    }

    public void Go(SessionState state) => State = state;

    /// <summary>Drops the message under way.</summary>
    public void Reset()
    {
        Transaction?.Dispose();
        Transaction = null;
        State = State is SessionState.Connected or SessionState.Closed ? State : SessionState.Greeted;
    }

    /// <summary>Ends the session with the reply.</summary>
    public Reply Close(Reply reply)
    {
        State = SessionState.Closed;
        return reply;
    }

    /// <summary>A recipient was refused: whoever tries many is sent away, but a trusted relay.</summary>
    public Reply RefuseRecipient(Reply reply) => ++_unknownRecipients > Limits.UnknownRecipients && !trusted
        ? Close(new Reply(421, "4.7.0", "Too many recipients that do not exist"))
        : reply;

    /// <summary>Writes and counts a reply.</summary>
    public void Answer(string verb, Reply reply)
    {
        services.Statistics.Replied(door, verb, reply.Code);
        connection.Write(reply);
        var misunderstood = reply.Code is 500 or 501 or 503;
        if (misunderstood && ++_bad >= Limits.BadCommands && State != SessionState.Closed)
        {
            connection.Write(Close(new Reply(421, "4.7.0", "Too many commands that are none")));
        }
    }

    public void Dispose() => Transaction?.Dispose();

    private async ValueTask ExecuteAsync(ReadOnlyMemory<byte> line, CancellationToken ct)
    {
        if (!CommandLine.TryParse(line.Span, out var command, out var failure))
        {
            Answer("unknown", SmtpParseFailureText.Describe(failure));
            return;
        }

        if (CommandTable.Find(command.Verb, door) is not { } entry)
        {
            Answer("unknown", SmtpParseFailureText.Describe(SmtpParseFailure.CommandUnknown));
            return;
        }

        _idle = entry.CarriesMail ? 0 : _idle + 1;
        if (_idle > Limits.IdleCommands)
        {
            Answer(entry.Verb, Close(new Reply(421, "4.7.0", "Too many commands without a message")));
        }
        else if ((entry.States & State) == 0)
        {
            Answer(entry.Verb, new Reply(503, "5.5.1", NotNow(entry)));
        }
        else if (await RunAsync(entry, line[command.ArgumentsAt..], ct) is { } reply)
        {
            Answer(entry.Verb, reply);
        }
    }

    private async ValueTask<Reply?> RunAsync(CommandEntry entry, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        try
        {
            return await entry.RunAsync(this, arguments, ct);
        }
        catch (Exception fault) when (fault is not (IOException or OperationCanceledException or SessionEndException))
        {
            services.Log.CommandFailed(entry.Verb, fault);
            Reset();
            return new Reply(451, "4.3.0", "The command failed inside the server");
        }
    }

    private string NotNow(CommandEntry entry) => State switch
    {
        SessionState.Connected => door == SmtpDoor.Lmtp ? "Say LHLO first" : "Say EHLO first",
        SessionState.Greeted => entry.Verb == "RCPT" ? "MAIL comes first" : "MAIL and RCPT come first",
        SessionState.Sender when entry.Verb == "DATA" => "No recipient was accepted",
        _ => "Not while a message is under way",
    };

    private async ValueTask SayGoodbyeAsync(ReadOutcome outcome)
    {
        Reply? last = outcome switch
        {
            ReadOutcome.TimedOut => new Reply(421, "4.4.2", "Closed after too long a time"),
            ReadOutcome.Stopping => new Reply(421, "4.3.2", "The server is shutting down"),
            ReadOutcome.BareLineEnd => new Reply(521, "5.5.2", "A line ended with CR or LF alone"),
            _ => null,
        };
        if (outcome == ReadOutcome.BareLineEnd)
        {
            services.Statistics.BareLineEnd();
            services.Log.Smuggling(door, connection.Remote);
        }

        if (last is { } reply)
        {
            connection.Write(reply);
            await connection.FlushAsync();
        }
    }
}
