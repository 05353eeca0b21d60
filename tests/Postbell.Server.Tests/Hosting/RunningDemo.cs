using Postbell.TestKit;

[assembly: AssemblyFixture(typeof(Postbell.Server.Tests.Hosting.RunningDemo))]

namespace Postbell.Server.Tests.Hosting;

/// <summary>One demo server for all tests that only look, or add what nobody else looks at.</summary>
public sealed class RunningDemo : IAsyncLifetime
{
    private readonly TemporaryDirectory _place = new();

    public ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync(_place.File("data"));

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        _place.Dispose();
    }
}
