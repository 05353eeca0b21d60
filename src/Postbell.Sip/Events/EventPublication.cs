using System.Globalization;
using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Events;

/// <summary>
/// State that we publish at an event state agent (RFC 3903): published, changed, refreshed before it expires, withdrawn. The entity tag of the last answer
/// goes with the next request; an agent that forgot it (412) gets the whole state again.
/// </summary>
/// <remarks>Invariants: one request at a time; what is refreshed is the state that was accepted last.</remarks>
public sealed class EventPublication : IAsyncDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(30);

    private readonly SipEndpoint _endpoint;
    private readonly TimerWheel _wheel;
    private readonly EventPublicationOptions _options;
    private readonly SerialExecutor _executor = new();
    private readonly SemaphoreSlim _turn = new(1);
    private ReadOnlyMemory<byte> _body;
    private string? _contentType;
    private WheelTimer? _refresh;
    private int _expires;
    private bool _withdrawn;

    /// <summary>Nothing is published yet.</summary>
    public EventPublication(SipEndpoint endpoint, TimerWheel wheel, EventPublicationOptions options)
    {
        _endpoint = endpoint;
        _wheel = wheel;
        _options = options;
        _expires = options.Expires;
    }

    /// <summary>The entity tag of what is published now; null when nothing is.</summary>
    public string? EntityTag { get; private set; }

    /// <summary>Publishes a state, or changes the one that is published.</summary>
    /// <param name="body">The state.</param>
    /// <param name="contentType">Its type.</param>
    /// <param name="cancellation">Ends the wait for the turn or the answer.</param>
    /// <returns>The final response; the state is published when it is a success.</returns>
    public async Task<SipResponse> PublishAsync(ReadOnlyMemory<byte> body, string contentType, CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _withdrawn = false;
            (_body, _contentType) = (body, contentType);
            return await SendStateAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Withdraws what is published.</summary>
    /// <returns>The final response; null when nothing was published.</returns>
    public async Task<SipResponse?> WithdrawAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _withdrawn = true;
            _refresh?.Cancel();
            if (EntityTag is not { } tag)
            {
                return null;
            }

            EntityTag = null;
            return await SendAsync(tag, 0, default, null, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Refreshes nothing any more; what is published expires by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _withdrawn = true;
        _refresh?.Cancel();
        _turn.Release();
    }

    private async Task<SipResponse> SendStateAsync(CancellationToken cancellation)
    {
        var response = await SendAsync(EntityTag, _expires, _body, _contentType, cancellation);
        if (response.Status == 412 && EntityTag is not null)
        {
            // The agent restarted or dropped it: the state is published as a new one (section 4.5).
            EntityTag = null;
            response = await SendAsync(null, _expires, _body, _contentType, cancellation);
        }

        if (response.Status == 423 && NumberOf(response, "Min-Expires") is { } least && least > _expires)
        {
            _expires = least;
            response = await SendAsync(EntityTag, _expires, _body, _contentType, cancellation);
        }

        Keep(response);
        return response;
    }

    private async Task RefreshAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_withdrawn || EntityTag is not { } tag)
            {
                return;
            }

            // A refresh has no body (section 4.1).
            var response = await SendAsync(tag, _expires, default, null, CancellationToken.None);
            if (response.Status == 412)
            {
                EntityTag = null;
                await SendStateAsync(CancellationToken.None);
            }
            else
            {
                Keep(response);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Keep(SipResponse response)
    {
        _refresh?.Cancel();
        if (response.IsSuccess && response.Headers["SIP-ETag"]?.Trim() is { Length: > 0 } tag)
        {
            EntityTag = tag;
            var granted = TimeSpan.FromSeconds(NumberOf(response, "Expires") ?? _expires);
            _refresh = _wheel.Schedule(granted - (granted / 2 < s_retry ? granted / 2 : s_retry), _executor, () => _ = RefreshAsync());
        }
        else if (EntityTag is not null && response.Status is 408 or >= 500)
        {
            _refresh = _wheel.Schedule(s_retry, _executor, () => _ = RefreshAsync());
        }
    }

    private Task<SipResponse> SendAsync(string? tag, int expires, ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancellation)
    {
        var request = SipRequest.Create(SipMethods.Publish, _options.Resource, _options.From, null, body, body.IsEmpty ? null : contentType);
        request.Headers.Add("Event", _options.Package);
        request.Headers.Add("Expires", expires.ToString(CultureInfo.InvariantCulture));
        if (tag is not null)
        {
            request.Headers.Add("SIP-If-Match", tag);
        }

        return _endpoint.SendAsync(request, _options.Destination, cancellation);
    }

    private static int? NumberOf(SipResponse response, string header) =>
        SipSyntax.TryNumber(response.Headers[header].AsSpan().Trim(), 864_000, out var number) ? (int)number : null;
}

/// <summary>What is published where.</summary>
public sealed record EventPublicationOptions
{
    /// <summary>Whose state it is: the Request-URI.</summary>
    public required SipUri Resource { get; init; }

    /// <summary>Who publishes.</summary>
    public required NameAddress From { get; init; }

    /// <summary>Address of the agent.</summary>
    public required SipDestination Destination { get; init; }

    /// <summary>Event package, for instance <c>presence</c>.</summary>
    public required string Package { get; init; }

    /// <summary>Seconds asked for; the agent may grant others.</summary>
    public int Expires { get; init; } = 3600;
}
