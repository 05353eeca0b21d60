using Postbell.Speech.Flite;

namespace Postbell.Speech.Tests.Flite;

public class FliteLibraryTests
{
    [Theory]
    [InlineData("libnosuchthing.so.1", "cannot be loaded (Debian package libflite1)")]
    [InlineData("libc.so.6", "is not the expected version")]
    public void A_library_that_is_missing_or_another_one_is_named(string name, string expected)
    {
        var failure = Should.Throw<SpeechException>(() => FliteLibrary.Load(name));

        failure.Failure.ShouldBe(SpeechFailure.EngineMissing);
        failure.Detail.ShouldContain(expected);
    }

    [Fact]
    public unsafe void The_wave_has_the_size_of_the_C_structure() => sizeof(FliteWave).ShouldBe(32);
}
