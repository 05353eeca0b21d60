namespace Postbell.Imap.Ordering;

/// <summary>A message in its thread, or the place of one that is not there.</summary>
internal sealed class ThreadNode
{
    /// <summary>The message; null for the place of a message that was only referred to, or that joins threads of one subject.</summary>
    public OrderedMessage? Message { get; set; }

    public ThreadNode? Parent { get; private set; }

    public List<ThreadNode> Children { get; set; } = [];

    public bool IsEmpty => Message is null;

    /// <summary>The message, or the first one below.</summary>
    public OrderedMessage First
    {
        get
        {
            var node = this;
            while (node.Message is null)
            {
                node = node.Children[0];
            }

            return node.Message.Value;
        }
    }

    /// <summary>Puts the node below another one, away from where it was; null makes it a root.</summary>
    public void MoveBelow(ThreadNode? parent)
    {
        Parent?.Children.Remove(this);
        Parent = parent;
        parent?.Children.Add(this);
    }

    /// <summary>By the moment of sending, then by the order of the folder (RFC 5256 section 2.2).</summary>
    public static int Compare(ThreadNode a, ThreadNode b)
    {
        var (first, second) = (a.First, b.First);
        return first.Sent != second.Sent ? first.Sent.CompareTo(second.Sent) : first.Index.CompareTo(second.Index);
    }
}
