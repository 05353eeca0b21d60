using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Speech.Tests.Worker;
using Postbell.TestKit;

namespace Postbell.Speech.Tests;

public sealed class PromptStoreTests : IDisposable
{
    private static readonly PromptCatalogue s_catalogue = PromptCatalogue.LoadEmbedded();

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_prompt_is_rendered_once_and_then_comes_from_memory()
    {
        var engine = new FakeSynthesizer();
        await using var store = Open(engine);

        var first = await Get(store, PromptId.Goodbye);
        var second = await Get(store, PromptId.Goodbye);

        first.IsReady.ShouldBeTrue();
        second.Audio.ShouldBeSameAs(first.Audio);
        engine.Texts.ShouldBe(["Goodbye."]);
        store.Statistics.MemoryHits.ShouldBe(1);
    }

    [Fact]
    public async Task A_hundred_calls_at_once_render_a_prompt_once()
    {
        var engine = new FakeSynthesizer { Held = true };
        await using var store = Open(engine);

        var calls = Enumerable.Range(0, 100).Select(_ => Task.Run(() => Get(store, PromptId.MessageSent))).ToArray();
        engine.Release();
        var results = await Task.WhenAll(calls);

        results.ShouldAllBe(r => r.IsReady);
        engine.Texts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_prompt_survives_a_restart_on_disk()
    {
        await using (var store = Open(new FakeSynthesizer()))
        {
            await Get(store, PromptId.Goodbye);
        }

        var engine = new FakeSynthesizer();
        await using var again = Open(engine);
        var result = await Get(again, PromptId.Goodbye);

        result.Audio!.Samples.ToArray().ShouldBe(Enumerable.Repeat((short)8, 64));
        result.Audio.SampleRate.ShouldBe(8000);
        engine.Texts.ShouldBeEmpty();
        again.Statistics.DiskHits.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(100)]
    public async Task A_damaged_file_is_rendered_again(int length)
    {
        await using (var store = Open(new FakeSynthesizer()))
        {
            await Get(store, PromptId.Goodbye);
        }

        var file = Directory.GetFiles(_folder, "*.pba").ShouldHaveSingleItem();
        await File.WriteAllBytesAsync(file, File.ReadAllBytes(file)[..length], TestContext.Current.CancellationToken);
        await using var again = Open(new FakeSynthesizer());

        (await Get(again, PromptId.Goodbye)).IsReady.ShouldBeTrue();
        again.Statistics.DamagedFiles.ShouldBe(1);
        new FileInfo(file).Length.ShouldBe(40 + 128);
    }

    [Fact]
    public async Task A_flipped_bit_on_disk_is_found()
    {
        await using (var store = Open(new FakeSynthesizer()))
        {
            await Get(store, PromptId.Goodbye);
        }

        var file = Directory.GetFiles(_folder, "*.pba").ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        await using var again = Open(new FakeSynthesizer());

        (await Get(again, PromptId.Goodbye)).Audio!.Samples.Span[^1].ShouldBe((short)8);
        again.Statistics.DamagedFiles.ShouldBe(1);
    }

    [Fact]
    public async Task Another_engine_does_not_get_the_files_of_this_one()
    {
        await using (var store = Open(new FakeSynthesizer()))
        {
            await Get(store, PromptId.Goodbye);
        }

        var other = new FakeSynthesizer { Engine = "other" };
        await using var again = Open(other);
        await Get(again, PromptId.Goodbye);

        other.Texts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_late_engine_is_a_named_failure_and_the_prompt_is_there_for_the_next_call()
    {
        var engine = new FakeSynthesizer { Held = true };
        var time = new ManualTime();
        await using var store = Open(engine, time);

        var waiting = Get(store, PromptId.Goodbye);
        while (engine.Texts.IsEmpty)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromSeconds(2));
        var late = await waiting;
        late.ShouldBe(new PromptResult(null, SpeechFailure.Late));
        store.Statistics.Failures(SpeechFailure.Late).ShouldBe(1);

        var next = Get(store, PromptId.Goodbye);
        engine.Release();
        (await next).IsReady.ShouldBeTrue();
        engine.Texts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_engine_is_a_named_failure_and_is_tried_again_later()
    {
        var engine = new FakeSynthesizer { Failure = SpeechFailure.EngineMissing };
        await using var store = Open(engine);

        (await Get(store, PromptId.Goodbye)).Failure.ShouldBe(SpeechFailure.EngineMissing);
        store.Statistics.TotalFailures.ShouldBe(1);
        engine.Failure = SpeechFailure.None;
        (await Get(store, PromptId.Goodbye)).IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task A_caller_who_hangs_up_stops_waiting_and_the_prompt_is_still_rendered()
    {
        var engine = new FakeSynthesizer { Held = true };
        await using var store = Open(engine);
        using var call = new CancellationTokenSource();

        var waiting = store.GetAsync(PromptId.Goodbye, PromptArguments.None, "en-US", call.Token).AsTask();
        await call.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);

        engine.Release();
        (await Get(store, PromptId.Goodbye)).IsReady.ShouldBeTrue();
        engine.Texts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_counted_and_does_not_silence_the_call()
    {
        var file = _folder.File("not-a-folder");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var store = new PromptStore(
            s_catalogue, new FakeSynthesizer(), new PromptStoreOptions { Directory = file }, TimeProvider.System, NullLogger<PromptStore>.Instance);

        (await Get(store, PromptId.Goodbye)).IsReady.ShouldBeTrue();
        store.Statistics.DiskFailures.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Memory_is_bounded_and_what_was_used_last_stays()
    {
        var engine = new FakeSynthesizer();
        await using var store = new PromptStore(
            s_catalogue, engine, new PromptStoreOptions { Directory = _folder, MemoryBytes = 3000 }, TimeProvider.System, NullLogger<PromptStore>.Instance);

        foreach (var id in PromptCatalogue.Fixed)
        {
            await Get(store, id);
        }

        await Get(store, PromptId.Goodbye);
        store.Statistics.MemoryHits.ShouldBe(1);
        await Get(store, PromptId.RecordAfterTone);
        store.Statistics.DiskHits.ShouldBe(1);
    }

    [Fact]
    public async Task Warming_up_renders_every_fixed_prompt_and_tidies_the_folder()
    {
        var engine = new FakeSynthesizer();
        await using var store = Open(engine);
        await File.WriteAllTextAsync(_folder.File("left.new"), "", TestContext.Current.CancellationToken);

        var report = await store.WarmUpAsync(["en-US", "en-GB"], CancellationToken.None);

        report.ShouldBe(new WarmUpReport(PromptCatalogue.Fixed.Count(), 0, null));
        File.Exists(_folder.File("left.new")).ShouldBeFalse();
        await Get(store, PromptId.MenuAccept);
        engine.Texts.Count.ShouldBe(report.Ready);
    }

    [Fact]
    public async Task Warming_up_without_an_engine_says_why()
    {
        await using var store = Open(new FakeSynthesizer { Failure = SpeechFailure.EngineMissing });

        var report = await store.WarmUpAsync(["en-US"], CancellationToken.None);

        report.Ready.ShouldBe(0);
        report.FirstFailure!.Failure.ShouldBe(SpeechFailure.EngineMissing);
    }

    [Fact]
    public async Task The_folder_is_bounded()
    {
        await using (var store = Open(new FakeSynthesizer()))
        {
            await store.WarmUpAsync(["en-US"], CancellationToken.None);
        }

        await using var small = new PromptStore(
            s_catalogue, new FakeSynthesizer { Failure = SpeechFailure.EngineMissing }, new PromptStoreOptions { Directory = _folder, DiskBytes = 3000 },
            TimeProvider.System, NullLogger<PromptStore>.Instance);
        await small.WarmUpAsync(["en-US"], CancellationToken.None);

        Directory.GetFiles(_folder).Sum(f => new FileInfo(f).Length).ShouldBeLessThanOrEqualTo(3000);
    }

    [Fact]
    public async Task The_whole_catalogue_and_a_greeting_are_spoken_by_the_real_engine()
    {
        await using var worker = new SpeechWorkerProcess(WorkerProgram.Options("speech-worker"), TimeProvider.System, NullLogger<SpeechWorkerProcess>.Instance);
        await using var store = Open(worker);

        (await store.WarmUpAsync(["en-US"], CancellationToken.None)).FirstFailure.ShouldBeNull();
        await store.PrepareAsync(PromptId.GreetingWithName, new PromptArguments("Ann Smith"), "en-US", CancellationToken.None);
        var greeting = await store.GetAsync(PromptId.GreetingWithName, new PromptArguments("Ann Smith"), "en-US", CancellationToken.None);

        greeting.Audio!.Duration.TotalSeconds.ShouldBeInRange(3, 8);
        foreach (var id in PromptCatalogue.Fixed)
        {
            var audio = (await Get(store, id)).Audio!;
            audio.SampleRate.ShouldBe(8000);
            audio.Duration.TotalSeconds.ShouldBeInRange(0.4, 15, id.ToString());
            SpeechLevel.Measure(audio).ShouldBeInRange(-24, -19, id.ToString());
        }
    }

    private static Task<PromptResult> Get(PromptStore store, PromptId id) =>
        store.GetAsync(id, PromptArguments.None, "en-US", CancellationToken.None).AsTask();

    private PromptStore Open(ISpeechSynthesizer engine, TimeProvider? time = null) =>
        new(s_catalogue, engine, new PromptStoreOptions { Directory = _folder }, time ?? TimeProvider.System, NullLogger<PromptStore>.Instance);
}
