using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Mailbox;
using Postbell.Telephony.CallAnswering;
using Postbell.TestKit;

namespace Postbell.Telephony.Tests;

/// <summary>People's greetings between a store that may fail, be slow or change, and calls that cannot wait.</summary>
public sealed class RecordedGreetingsTests
{
    private readonly ManualTime _time = new();
    private Func<Task<ReadOnlyMemory<byte>?>> _read = () => Task.FromResult<ReadOnlyMemory<byte>?>(Wav(800));

    [Fact]
    public async Task A_store_that_failed_once_is_asked_again_for_the_next_call()
    {
        using var greetings = Greetings();
        _read = () => throw new IOException("The disk is away.");
        (await FindAsync(greetings)).ShouldBeNull();
        _read = () => Task.FromResult<ReadOnlyMemory<byte>?>(Wav(800));
        (await FindAsync(greetings))!.Length.ShouldBe(800);
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_keep_the_caller_in_silence()
    {
        using var greetings = Greetings();
        _read = () => new TaskCompletionSource<ReadOnlyMemory<byte>?>().Task;
        var found = FindAsync(greetings);
        found.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(3));
        (await found.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeNull();
    }

    [Fact]
    public async Task A_greeting_replaced_while_the_former_one_was_read_is_not_kept()
    {
        using var greetings = Greetings();
        var slow = new TaskCompletionSource<ReadOnlyMemory<byte>?>();
        _read = () => slow.Task;
        var found = FindAsync(greetings);
        greetings.OnChange(new MailboxChange(1, 0, MailboxChangeKind.AccountChanged, [], 0, VoiceCountsMayHaveChanged: false));
        slow.SetResult(Wav(800));
        await found;
        _read = () => Task.FromResult<ReadOnlyMemory<byte>?>(Wav(1600));
        (await FindAsync(greetings))!.Length.ShouldBe(1600);
    }

    [Fact]
    public async Task Greetings_in_memory_are_bounded_in_bytes()
    {
        using var greetings = Greetings(maxBytes: 10_000);
        for (var account = 1; account <= 20; account++)
        {
            (await FindAsync(greetings, account))!.Length.ShouldBe(800);
            greetings.Kept.ShouldBeLessThanOrEqualTo(3);
        }
    }

    [Fact]
    public async Task A_damaged_file_is_read_once_until_the_person_changes_it()
    {
        using var greetings = Greetings();
        var reads = 0;
        _read = () =>
        {
            reads++;
            return Task.FromResult<ReadOnlyMemory<byte>?>(new byte[] { 1, 2, 3 });
        };
        (await FindAsync(greetings)).ShouldBeNull();
        (await FindAsync(greetings)).ShouldBeNull();
        reads.ShouldBe(1);
    }

    private static Task<Postbell.Media.AudioClip?> FindAsync(RecordedGreetings greetings, long account = 1) =>
        greetings.FindAsync(account, GreetingNames.Standard, CancellationToken.None).AsTask();

    private RecordedGreetings Greetings(long maxBytes = 1 << 20) => new((_, _, _) => _read(), _time, NullLogger.Instance, maxBytes);

    private static byte[] Wav(int samples)
    {
        var wav = new byte[44 + (samples * 2)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), 8000);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 16000);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), samples * 2);
        return wav;
    }
}
