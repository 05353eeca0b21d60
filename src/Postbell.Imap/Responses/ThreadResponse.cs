using Postbell.Imap.Ordering;
using Postbell.Imap.Session;

namespace Postbell.Imap.Responses;

/// <summary><c>* THREAD (2)(3 6 (4 23)(44 7 96))</c>, RFC 5256 section 4. Written without recursion: a thread can be as deep as a folder is long.</summary>
internal static class ThreadResponse
{
    public static async Task WriteAsync(ImapSession session, CommandCall call, List<ThreadNode> threads)
    {
        session.Writer.Raw("* THREAD"u8).Raw(threads.Count > 0 ? " "u8 : []);
        foreach (var thread in threads)
        {
            await WriteThreadAsync(session, call, thread);
        }

        session.Writer.Line();
    }

    private static async Task WriteThreadAsync(ImapSession session, CommandCall call, ThreadNode root)
    {
        // Null stands for the end of a branch.
        var left = new Stack<ThreadNode?>([root]);
        while (left.TryPop(out var node))
        {
            if (node is null)
            {
                session.Writer.Raw(")"u8);
                continue;
            }

            session.Writer.Raw("("u8);
            WriteChain(session, call, ref node);
            left.Push(null);
            for (var i = node.Children.Count - 1; i >= 0; i--)
            {
                left.Push(node.Children[i]);
            }

            await session.Connection.FlushIfManyAsync();
        }
    }

    /// <summary>Writes messages for as long as each has one answer; ends at the one that has none or several.</summary>
    private static void WriteChain(ImapSession session, CommandCall call, ref ThreadNode node)
    {
        var written = false;
        while (true)
        {
            if (node.Message is { } message)
            {
                session.Writer.Raw(written ? " "u8 : []).Number(call.IsUid ? message.Uid : message.Index + 1);
                written = true;
            }

            if (node.Children.Count != 1)
            {
                session.Writer.Raw(written && node.Children.Count > 0 ? " "u8 : []);
                return;
            }

            node = node.Children[0];
        }
    }
}
