namespace Postbell.Imap.Tests.Support;

/// <summary>Waits for something that happens on another thread.</summary>
internal static class ImapWait
{
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        throw new TimeoutException("It never happened.");
    }
}
