using System.Buffers;
using Postbell.Delivery;
using Postbell.Smtp;
using Postbell.Smtp.Client;
using Postbell.Smtp.Outbound;

namespace Postbell.Server.Hosting;

/// <summary>Hands voice messages to the organization's mail system, by the way of their domain.</summary>
internal sealed class MailSystemRelay(OutboundWays ways, string sender) : IMailRelay
{
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
        var outcome = (await ways.SendAsync(mail, new MemoryStream(content.WrittenSpan.ToArray()), cancellation))[0];
        return outcome.Reply switch
        {
            { IsPositive: true } taken => taken.Text,
            { IsPermanent: true } never => throw new DeliveryRefusedException($"{outcome.Server} refused {recipient}: {never.Text}"),
            var later => throw new InvalidOperationException($"{outcome.Server} put {recipient} off: {later.Text}"),
        };
    }
}
