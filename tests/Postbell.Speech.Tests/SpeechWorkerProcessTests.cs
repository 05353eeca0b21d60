using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Speech.Tests.Worker;

namespace Postbell.Speech.Tests;

public class SpeechWorkerProcessTests
{
    private const string Voice = "cmu_us_slt";

    [Fact]
    public async Task Flite_speaks_a_sentence_of_sensible_length_and_loudness_at_8_kHz()
    {
        await using var speech = Start("speech-worker");

        var audio = await speech.SynthesizeAsync(Voice, "Please speak after the tone.", CancellationToken.None);

        audio.SampleRate.ShouldBe(8000);
        audio.Duration.TotalSeconds.ShouldBeInRange(1.0, 3.0);
        SpeechLevel.Measure(audio).ShouldBeInRange(-23, -19);
        speech.Statistics.Spoken.ShouldBe(1);
    }

    [Fact]
    public async Task A_voice_that_is_not_there_is_a_named_failure_and_the_worker_lives_on()
    {
        await using var speech = Start("speech-worker");

        (await FailureOf(speech.SynthesizeAsync("no_such_voice", "Hello", CancellationToken.None))).ShouldBe(SpeechFailure.VoiceMissing);
        (await FailureOf(speech.SynthesizeAsync("../../evil", "Hello", CancellationToken.None))).ShouldBe(SpeechFailure.VoiceMissing);
        (await speech.SynthesizeAsync(Voice, "Hello", CancellationToken.None)).Samples.Length.ShouldBeGreaterThan(1000);
        speech.Statistics.WorkerStarts.ShouldBe(1);
        speech.Statistics.Failures(SpeechFailure.VoiceMissing).ShouldBe(2);
    }

    [Theory]
    [InlineData("\0\u0001\u001b\u202e", SpeechFailure.NothingToSay)]
    [InlineData("!!! ... ---", SpeechFailure.NothingToSay)]
    [InlineData("", SpeechFailure.NothingToSay)]
    public async Task A_text_without_words_is_not_given_to_the_engine(string text, SpeechFailure expected)
    {
        await using var speech = Start("speech-worker");

        (await FailureOf(speech.SynthesizeAsync(Voice, text, CancellationToken.None))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Robert\0\u202e');DROP TABLE <b>&nbsp;</b> %s%n %x")]
    [InlineData("12345678901234567890 1e999 -0 $1,000,000.00 50% #*@")]
    [InlineData("ŁÓDŹ Дмитрий 山田太郎 🎺🎺🎺 a\u0301\u0301\u0301")]
    [InlineData("Dr. Mr. Mrs. vs. etc. A.B.C.D.E.F. x x x x x x x x x x 1/2/3 12:34:56")]
    public async Task Hostile_texts_are_survived_by_the_real_engine(string text)
    {
        await using var speech = Start("speech-worker");

        (await speech.SynthesizeAsync(Voice, text, CancellationToken.None)).Samples.Length.ShouldBeGreaterThan(100);
        (await speech.SynthesizeAsync(Voice, new string('x', 100), CancellationToken.None)).Samples.Length.ShouldBeGreaterThan(100);
        speech.Statistics.WorkerStarts.ShouldBe(1);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_before_the_worker_sees_it()
    {
        await using var speech = Start("speech-worker");

        (await FailureOf(speech.SynthesizeAsync(Voice, new string('a', SpeechText.MaxLength + 1), CancellationToken.None))).ShouldBe(SpeechFailure.TextTooLong);
        speech.ProcessId.ShouldBeNull();
    }

    [Fact]
    public async Task A_worker_that_was_killed_is_replaced()
    {
        await using var speech = Start("speech-worker");
        await speech.SynthesizeAsync(Voice, "One", CancellationToken.None);
        var first = speech.ProcessId!.Value;
        using (var process = Process.GetProcessById(first))
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        (await speech.SynthesizeAsync(Voice, "Two", CancellationToken.None)).Samples.Length.ShouldBeGreaterThan(1000);

        speech.ProcessId.ShouldNotBe(first);
        speech.Statistics.WorkerStarts.ShouldBe(2);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_to_the_whole_process_group_leaves_the_worker_to_the_server(string signal)
    {
        await using var speech = Start("speech-worker");
        await speech.SynthesizeAsync(Voice, "One", CancellationToken.None);
        using (var kill = Process.Start("kill", ["-" + signal, speech.ProcessId!.Value.ToString()]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await speech.SynthesizeAsync(Voice, "Two", CancellationToken.None);

        speech.Statistics.WorkerStarts.ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_ends_by_itself_when_the_server_is_gone()
    {
        using var process = Process.Start(new ProcessStartInfo(WorkerProgram.Options("speech-worker").FileName, ["speech-worker"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;

        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_text_that_kills_the_worker_twice_is_quarantined_and_the_others_are_spoken()
    {
        await using var speech = Start("fragile-worker");

        (await FailureOf(speech.SynthesizeAsync(Voice, "die", CancellationToken.None))).ShouldBe(SpeechFailure.WorkerCrashed);
        speech.Statistics.WorkerStarts.ShouldBe(2);
        (await FailureOf(speech.SynthesizeAsync(Voice, "die", CancellationToken.None))).ShouldBe(SpeechFailure.Quarantined);
        (await speech.SynthesizeAsync(Voice, "live", CancellationToken.None)).Samples.Length.ShouldBe(320);
        speech.Statistics.WorkerStarts.ShouldBe(3);
    }

    [Fact]
    public async Task A_worker_that_hangs_is_ended_and_replaced()
    {
        await using var speech = new SpeechWorkerProcess(
            WorkerProgram.Options("fragile-worker") with { RequestTimeout = TimeSpan.FromSeconds(3) }, TimeProvider.System, NullLogger<SpeechWorkerProcess>.Instance);
        await speech.SynthesizeAsync(Voice, "live", CancellationToken.None);
        var first = speech.ProcessId!.Value;

        (await FailureOf(speech.SynthesizeAsync(Voice, "hang", CancellationToken.None))).ShouldBe(SpeechFailure.Late);
        (await speech.SynthesizeAsync(Voice, "live", CancellationToken.None)).Samples.Length.ShouldBe(320);

        speech.ProcessId.ShouldNotBe(first);
    }

    [Fact]
    public async Task An_engine_failure_is_passed_on_by_name()
    {
        await using var speech = Start("fragile-worker");

        var failure = await Should.ThrowAsync<SpeechException>(speech.SynthesizeAsync(Voice, "fail", CancellationToken.None));
        failure.Failure.ShouldBe(SpeechFailure.EngineFailed);
        failure.Detail.ShouldBe("as asked");
    }

    [Fact]
    public async Task A_program_that_is_no_worker_or_not_there_is_a_named_failure()
    {
        await using var babbling = Start("babbling-worker");
        (await FailureOf(babbling.SynthesizeAsync(Voice, "Hello", CancellationToken.None))).ShouldBe(SpeechFailure.WorkerNotStarted);

        await using var missing = new SpeechWorkerProcess(
            new SpeechWorkerOptions { FileName = "/nowhere/postbell", FirstRestartDelay = TimeSpan.FromMinutes(1) }, TimeProvider.System, NullLogger<SpeechWorkerProcess>.Instance);
        (await FailureOf(missing.SynthesizeAsync(Voice, "Hello", CancellationToken.None))).ShouldBe(SpeechFailure.WorkerNotStarted);
        (await FailureOf(missing.SynthesizeAsync(Voice, "Hello", CancellationToken.None))).ShouldBe(SpeechFailure.WorkerNotStarted);
        missing.Statistics.WorkerStarts.ShouldBe(1);
    }

    [Fact]
    public async Task Many_texts_at_once_are_all_spoken_and_too_many_are_refused()
    {
        await using var speech = new SpeechWorkerProcess(
            WorkerProgram.Options("fragile-worker") with { QueueCapacity = 50 }, TimeProvider.System, NullLogger<SpeechWorkerProcess>.Instance);

        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(async i =>
        {
            try
            {
                return (await speech.SynthesizeAsync(Voice, new string('a', i), CancellationToken.None)).Samples.Length == i * 80 ? SpeechFailure.None : SpeechFailure.BadAnswer;
            }
            catch (SpeechException e)
            {
                return e.Failure;
            }
        }));

        answers.Count(a => a == SpeechFailure.None).ShouldBeGreaterThanOrEqualTo(50);
        answers.Distinct().Order().ShouldBe([SpeechFailure.None, SpeechFailure.Busy]);
    }

    [Fact]
    public async Task What_waits_at_the_end_is_told_so_and_the_process_ends()
    {
        var speech = Start("fragile-worker");
        await speech.SynthesizeAsync(Voice, "live", CancellationToken.None);
        using var process = Process.GetProcessById(speech.ProcessId!.Value);
        var hanging = speech.SynthesizeAsync(Voice, "hang", CancellationToken.None);
        var waiting = speech.SynthesizeAsync(Voice, "live", CancellationToken.None);

        await speech.DisposeAsync();

        (await FailureOf(hanging)).ShouldBe(SpeechFailure.Stopped);
        (await FailureOf(waiting)).ShouldBe(SpeechFailure.Stopped);
        (await FailureOf(speech.SynthesizeAsync(Voice, "live", CancellationToken.None))).ShouldBe(SpeechFailure.Stopped);
        process.HasExited.ShouldBeTrue();
    }

    private static SpeechWorkerProcess Start(string kind) => new(WorkerProgram.Options(kind), TimeProvider.System, NullLogger<SpeechWorkerProcess>.Instance);

    private static async Task<SpeechFailure> FailureOf<T>(Task<T> speech) => (await Should.ThrowAsync<SpeechException>(speech)).Failure;
}
