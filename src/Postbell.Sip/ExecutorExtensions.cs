using Postbell.Core;

namespace Postbell.Sip;

internal static class ExecutorExtensions
{
    /// <summary>Runs at once when already on the executor, so that effects are seen in the order they are written; else posts.</summary>
    public static void RunOrPost(this SerialExecutor executor, Action action)
    {
        if (executor.IsCurrent)
        {
            action();
        }
        else
        {
            executor.Post(action);
        }
    }
}
