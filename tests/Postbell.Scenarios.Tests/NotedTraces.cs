using System.Collections.Concurrent;
using System.Net;
using Postbell.Core;
using Postbell.Sip;
using Postbell.Sip.Tracing;

namespace Postbell.Scenarios.Tests;

/// <summary>Keeps what is noted about calls.</summary>
internal sealed class NotedTraces : ISipTap
{
    private readonly ConcurrentQueue<string> _notes = new();

    public IReadOnlyList<string> Notes => [.. _notes];

    public void OnMessage(SipDirection direction, SipTransport transport, IPEndPoint local, IPEndPoint remote, ReadOnlySpan<byte> message)
    {
    }

    public void OnNamed(string callId, TraceId id)
    {
    }

    public void OnNote(string callId, string note) => _notes.Enqueue(note);

    public void OnFailed(string callId, string reason)
    {
    }
}
