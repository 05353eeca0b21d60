using Postbell.Mime.Decoding;

namespace Postbell.Imap.Ordering;

/// <summary>THREAD=ORDEREDSUBJECT of RFC 5256: messages of one base subject, the first sent is the parent of all others.</summary>
internal static class SubjectThreads
{
    public static List<ThreadNode> Build(List<OrderedMessage> messages) =>
    [
        .. messages
            .GroupBy(m => m.Subject.Text.ToUpperInvariant(), StringComparer.Ordinal)
            .Select(group => Thread(group.Select(m => new ThreadNode { Message = m }).Order(Comparer<ThreadNode>.Create(ThreadNode.Compare))))
            .Order(Comparer<ThreadNode>.Create(ThreadNode.Compare)),
    ];

    private static ThreadNode Thread(IEnumerable<ThreadNode> inOrder)
    {
        ThreadNode? first = null;
        foreach (var node in inOrder)
        {
            if (first is null)
            {
                first = node;
            }
            else
            {
                node.MoveBelow(first);
            }
        }

        return first!;
    }
}
