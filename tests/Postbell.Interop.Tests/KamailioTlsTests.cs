using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Kamailio and Postbell with certificates on both sides; a class of its own, so that it runs beside the others.</summary>
public sealed class KamailioTlsTests(SharedServer shared)
{
    [Fact]
    public Task A_call_that_the_proxy_diverts_over_TLS_leaves_its_message_and_lights_the_lamp() => new KamailioTests(shared).DivertAsync("tls");
}
