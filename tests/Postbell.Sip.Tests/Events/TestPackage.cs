using System.Collections.Concurrent;
using System.Text;
using Postbell.Sip.Events;

namespace Postbell.Sip.Tests.Events;

/// <summary>A package whose state the test says: anybody may subscribe to what is known.</summary>
internal sealed class TestPackage : IEventPackage
{
    public ConcurrentDictionary<string, EventState> States { get; } = new();

    public ConcurrentQueue<int> Answers { get; } = new();

    public string Name => "weather";

    public string ContentType => "text/plain";

    public EventExpiry Expiry => new(Usual: 600, Shortest: 60, Longest: 3600);

    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1);

    public void Say(string resource, string state) => States[resource] = EventState.Of(Encoding.UTF8.GetBytes(state));

    public EventAdmission Admit(IncomingRequest subscribe) =>
        subscribe.Request.RequestUri.User is { } user && States.ContainsKey(user) ? EventAdmission.To(user) : EventAdmission.Refused(404, "No Such Place");

    public ValueTask<EventState> ReadAsync(string resource) => new(States[resource]);

    public void OnAnswered(int status) => Answers.Enqueue(status);
}
