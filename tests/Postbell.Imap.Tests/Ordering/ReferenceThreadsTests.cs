using Postbell.Imap.Ordering;
using Postbell.Mailbox;
using Postbell.Mime;

namespace Postbell.Imap.Tests.Ordering;

/// <summary>Threads of messages nobody would write but an attacker.</summary>
public sealed class ReferenceThreadsTests
{
    [Fact]
    public void A_thread_as_deep_as_a_folder_is_made()
    {
        const int count = 50_000;
        var messages = Enumerable.Range(0, count).Select(i => Message(i, $"<m{i}@x>", i > 0 ? $"<m{i - 1}@x>" : null)).ToList();
        var node = new ReferenceThreads(CancellationToken.None).Build(messages).ShouldHaveSingleItem();
        var depth = 1;
        for (; node.Children.Count > 0; node = node.Children[0])
        {
            depth++;
        }

        depth.ShouldBe(count);
    }

    [Fact]
    public void Whatever_refers_to_whatever_each_message_comes_once()
    {
        var random = new Random(5256);
        for (var round = 0; round < 500; round++)
        {
            var messages = Enumerable.Range(0, 30)
                .Select(i => Message(i, $"<{random.Next(20)}@x>", string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => $"<{random.Next(25)}@x> ")), random.Next(6)))
                .ToList();
            var left = new Stack<ThreadNode>(new ReferenceThreads(CancellationToken.None).Build(messages));
            var seen = new List<int>();
            while (left.TryPop(out var node))
            {
                if (node.Message is { } message)
                {
                    seen.Add(message.Index);
                }

                node.Children.ForEach(left.Push);
            }

            seen.Order().ShouldBe(Enumerable.Range(0, 30), $"round {round}");
        }
    }

    private static OrderedMessage Message(int index, string id, string? references, int subject = 0) => OrderedMessage.Of(
        index,
        new EnvelopeRow(
            (uint)index + 1, DateTimeOffset.UnixEpoch.AddTicks(index), 1,
            new MimeEnvelope { MessageId = id, References = references, Subject = subject == 0 ? null : subject % 2 == 0 ? $"Re: s{subject / 2}" : $"s{subject / 2}" }));
}
