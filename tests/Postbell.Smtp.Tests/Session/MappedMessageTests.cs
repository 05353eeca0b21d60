using Postbell.Smtp.Receiving;
using Postbell.TestKit;

namespace Postbell.Smtp.Tests.Session;

/// <summary>A message that is a mapped file.</summary>
public sealed class MappedMessageTests
{
    [Fact]
    public void Letting_it_go_twice_lets_it_go_once()
    {
        using var folder = new TemporaryDirectory();
        var file = folder.File("message");
        File.WriteAllText(file, "Subject: x\r\n\r\n");
        var message = new MappedMessage(file, 5);
        message.Memory.Span.SequenceEqual("Subje"u8).ShouldBeTrue();
        ((IDisposable)message).Dispose();
        Should.NotThrow(((IDisposable)message).Dispose);
        File.Delete(file);
    }
}
