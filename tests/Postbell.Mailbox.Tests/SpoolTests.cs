using Postbell.Mailbox.Messages;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests;

/// <summary>Messages that come in piece by piece.</summary>
public sealed class SpoolTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(MessageSpool.MemoryBytes)]
    [InlineData(MessageSpool.MemoryBytes + 1)]
    [InlineData(3_000_000)]
    public async Task What_came_in_pieces_is_stored_whole(int size)
    {
        await using var opened = await OpenedStore.NewAsync();
        using var spool = opened.Mailbox.NewSpool();
        var message = Message(size);
        foreach (var piece in message.Chunk(777))
        {
            spool.Write(piece);
        }

        await opened.Mailbox.AppendAsync("INBOX", [NewMessage.Of(spool) with { Flags = new MessageFlags(SystemFlags.Seen) }], default);
        var stored = (await opened.Mailbox.ReadMessagesAsync((await opened.SelectAsync()).Folder.Id, [UidRange.All], default)).Single();
        (stored.Envelope.Subject, stored.Size, stored.Flags.ToString()).ShouldBe(("large", size, "\\Seen"));
        (await opened.Mailbox.ReadContentAsync(stored, default)).Span.SequenceEqual(message).ShouldBeTrue();
        spool.Dispose();
        (await opened.Store.VerifyAsync(null, repair: false, default)).IsSound.ShouldBeTrue();
        MessageTests.BlobCount(opened).ShouldBe(1);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(300_000)]
    public async Task What_is_not_stored_leaves_nothing_behind(int size)
    {
        await using var opened = await OpenedStore.NewAsync();
        using (var spool = opened.Mailbox.NewSpool())
        {
            spool.Write(Message(size));
            (await FolderTests.Refusal(opened.Mailbox.AppendAsync("no such folder", [NewMessage.Of(spool)], default))).ShouldBe(MailboxFailure.NoSuchFolder);
            (await opened.Store.SweepOrphansAsync(paced: false, default)).ShouldBe(0);
        }

        MessageTests.BlobCount(opened).ShouldBe(0);
    }

    [Fact]
    public async Task Too_large_a_message_is_refused_and_the_rest_of_it_dropped()
    {
        await using var opened = await OpenedStore.NewAsync();
        using var spool = opened.Mailbox.NewSpool();
        for (var i = 0; i < 65; i++)
        {
            spool.Write(new byte[1 << 20]);
        }

        spool.Length.ShouldBe(65L << 20);
        Should.Throw<MailboxException>(() => NewMessage.Of(spool)).Reason.ShouldBe(MailboxFailure.MessageTooLarge);
        new FileInfo(Directory.EnumerateFiles(opened.Directory.File("blobs"), "*", SearchOption.AllDirectories).Single()).Length.ShouldBeLessThanOrEqualTo(64L << 20);
    }

    [Fact]
    public async Task Fifty_megabytes_are_never_in_memory_whole()
    {
        await using var opened = await OpenedStore.NewAsync();
        var piece = new byte[1 << 20];
        Array.Fill(piece, (byte)'x');
        for (var i = 70; i < piece.Length; i += 72)
        {
            (piece[i], piece[i + 1]) = ((byte)'\r', (byte)'\n');
        }

        // On one thread: what comes in, what is learnt from it, and the way to the disk that does not hold the bytes again.
        AllocationMeter.Least(2, _ =>
        {
            using var spool = opened.Mailbox.NewSpool();
            spool.Write("Subject: fifty\r\n\r\n"u8);
            for (var i = 0; i < 50; i++)
            {
                spool.Write(piece);
            }

            MessageProfile.Read(spool.Content.Span).Preview.ShouldStartWith("xxx");
        }).ShouldBeLessThan(1 << 20);
    }

    private static byte[] Message(int size)
    {
        var message = new byte[size];
        Array.Fill(message, (byte)'a');
        "Subject: large\r\n\r\n"u8.CopyTo(message);
        return message;
    }
}
