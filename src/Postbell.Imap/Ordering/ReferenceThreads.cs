using Postbell.Mime.Decoding;

namespace Postbell.Imap.Ordering;

/// <summary>THREAD=REFERENCES of RFC 5256 section 3: by who answers whom, then by subject where nobody says.</summary>
/// <remarks>Nothing here recurses: a thread can be as deep as a folder is long, and whoever sends mail decides how deep.</remarks>
internal sealed class ReferenceThreads(CancellationToken ct)
{
    /// <summary>Ancestors looked through for a loop; a link that would lie deeper is not made.</summary>
    private const int MaxDepth = 10_000;

    private readonly Dictionary<string, ThreadNode> _byId = new(StringComparer.Ordinal);
    private readonly List<ThreadNode> _all = [];

    /// <summary>The threads in their order.</summary>
    public List<ThreadNode> Build(List<OrderedMessage> messages)
    {
        foreach (var message in messages)
        {
            ct.ThrowIfCancellationRequested();
            Link(message);
        }

        var roots = WithoutEmpty([.. _all.Where(n => n.Parent is null)]);
        SortChildren(roots);
        roots.Sort(ThreadNode.Compare);
        roots = Gathered(roots);
        SortChildren(roots);
        roots.Sort(ThreadNode.Compare);
        return roots;
    }

    /// <summary>Step 1: the message below the last it refers to, and those below each other in their order.</summary>
    private void Link(OrderedMessage message)
    {
        ThreadNode? above = null;
        foreach (var id in message.References)
        {
            var node = Node(id);
            if (above is not null && node.Parent is null && CanLie(node, above))
            {
                node.MoveBelow(above);
            }

            above = node;
        }

        var own = Own(message);
        if (above is null || CanLie(own, above))
        {
            own.MoveBelow(above);
        }
    }

    private ThreadNode Own(OrderedMessage message)
    {
        if (message.Id is not null && Node(message.Id) is { IsEmpty: true } waiting)
        {
            waiting.Message = message;
            return waiting;
        }

        // No identifier, or one that another message has already: a message of its own.
        var node = new ThreadNode { Message = message };
        _all.Add(node);
        return node;
    }

    private ThreadNode Node(string id)
    {
        if (!_byId.TryGetValue(id, out var node))
        {
            _byId.Add(id, node = new ThreadNode());
            _all.Add(node);
        }

        return node;
    }

    private static bool CanLie(ThreadNode node, ThreadNode above)
    {
        if (ReferenceEquals(node, above))
        {
            return false;
        }

        // Nothing lies below a node without children, so it closes no loop.
        var steps = 0;
        for (var up = node.Children.Count > 0 ? above : null; up is not null; up = up.Parent)
        {
            if (ReferenceEquals(up, node) || ++steps > MaxDepth)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Step 3: places of messages that are not there go; what lies below them moves up, unless it would become several roots.</summary>
    private static List<ThreadNode> WithoutEmpty(List<ThreadNode> roots)
    {
        foreach (var node in FromBelow(roots))
        {
            node.Children = [.. node.Children.SelectMany(c => c.IsEmpty ? c.Children : [c])];
        }

        return [.. roots.SelectMany(r => r.IsEmpty && r.Children.Count < 2 ? r.Children : [r])];
    }

    /// <summary>Step 5: roots of one base subject become one thread.</summary>
    private static List<ThreadNode> Gathered(List<ThreadNode> roots)
    {
        var subjects = new Dictionary<string, ThreadNode>(StringComparer.OrdinalIgnoreCase);
        foreach (var root in roots)
        {
            var subject = Subject(root);
            if (subject.Text.Length > 0
                && (!subjects.TryGetValue(subject.Text, out var known)
                    || (!known.IsEmpty && (root.IsEmpty || (Subject(known).IsReplyOrForward && !subject.IsReplyOrForward)))))
            {
                subjects[subject.Text] = root;
            }
        }

        var left = new List<ThreadNode>();
        foreach (var root in roots)
        {
            var subject = Subject(root);
            if (subject.Text.Length == 0 || ReferenceEquals(subjects[subject.Text], root))
            {
                left.Add(root);
            }
            else
            {
                Merge(subjects, subject, root);
            }
        }

        // A root that was joined with another under an empty one lies below that now.
        var joined = subjects.Values.Where(n => n.IsEmpty).SelectMany(n => n.Children).ToHashSet();
        left.RemoveAll(joined.Contains);
        left.AddRange(subjects.Values.Where(n => n.IsEmpty).Except(left).ToList());
        return left;
    }

    private static void Merge(Dictionary<string, ThreadNode> subjects, BaseSubject subject, ThreadNode root)
    {
        var known = subjects[subject.Text];
        if (known.IsEmpty && root.IsEmpty)
        {
            known.Children.AddRange(root.Children);
        }
        else if (known.IsEmpty || (subject.IsReplyOrForward && !Subject(known).IsReplyOrForward))
        {
            known.Children.Add(root);
        }
        else
        {
            subjects[subject.Text] = new ThreadNode { Children = [known, root] };
        }
    }

    private static BaseSubject Subject(ThreadNode root) => root.First.Subject;

    private static void SortChildren(List<ThreadNode> roots)
    {
        foreach (var node in FromBelow(roots))
        {
            node.Children.Sort(ThreadNode.Compare);
        }
    }

    /// <summary>Every node, those below before those above.</summary>
    private static IEnumerable<ThreadNode> FromBelow(List<ThreadNode> roots)
    {
        var all = new List<ThreadNode>(roots);
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(all[i].Children);
        }

        all.Reverse();
        return all;
    }
}
