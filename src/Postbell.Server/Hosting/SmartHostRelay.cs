using System.Buffers;
using Postbell.Delivery;
using Postbell.Smtp;
using Postbell.Smtp.Client;

namespace Postbell.Server.Hosting;

/// <summary>Hands voice messages to the organization's mail system, one session for each.</summary>
internal sealed class SmartHostRelay(SmtpRoute route, string hostName, string sender, TimeProvider time) : IMailRelay, IDisposable
{
    private readonly SemaphoreSlim _connections = new(route.MaxConnections);

    /// <inheritdoc />
    public async Task<string> SendAsync(string recipient, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var content = new ArrayBufferWriter<byte>(message.Length + 1024);
        var lines = new LineEndNormaliser();
        lines.Write(message.Span, content);
        lines.Complete(content);
        var mail = new OutgoingMail
        {
            Sender = sender, Recipients = [new OutboundRecipient(recipient)], Size = content.WrittenCount,
            IsEightBit = lines.IsEightBit, HasEightBitHeader = lines.HasEightBitHeader,
        };
        await _connections.WaitAsync(cancellation);
        try
        {
            await using var session = await SmtpClientSession.OpenAsync(route, hostName, time, cancellation);
            var outcome = (await session.SendAsync(mail, new MemoryStream(content.WrittenSpan.ToArray()), cancellation))[0];
            await session.QuitAsync(cancellation);
            return outcome.Reply switch
            {
                { IsPositive: true } taken => taken.Text,
                { IsPermanent: true } never => throw new DeliveryRefusedException($"{route} refused {recipient}: {never.Text}"),
                var later => throw new InvalidOperationException($"{route} put {recipient} off: {later.Text}"),
            };
        }
        finally
        {
            _connections.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connections.Dispose();
}
