using System.Text;

namespace Postbell.Smtp.Tests.Support;

/// <summary>An outbound queue that keeps what it got, or is full.</summary>
internal sealed class RememberingQueue : IOutboundQueue
{
    public List<(OutboundEnvelope Envelope, string Content)> Taken { get; } = [];

    public bool IsFull { get; set; }

    public Task<string> EnqueueAsync(OutboundEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        if (IsFull)
        {
            throw new OutboundRefusedException("full");
        }

        Taken.Add((envelope, Encoding.Latin1.GetString(content.Span)));
        return Task.FromResult("q1");
    }
}
