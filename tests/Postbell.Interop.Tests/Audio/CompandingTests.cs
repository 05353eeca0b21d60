namespace Postbell.Interop.Tests.Audio;

public class CompandingTests
{
    [Fact]
    public void Every_code_of_both_laws_survives_decoding_and_encoding()
    {
        for (var code = 0; code < 256; code++)
        {
            Companding.ALawOf(Companding.FromALaw((byte)code)).ShouldBe((byte)code);
            // Mu-law has two codes for zero; the encoder takes the positive one.
            Companding.MuLawOf(Companding.FromMuLaw((byte)code)).ShouldBe(code == 0x7F ? (byte)0xFF : (byte)code);
        }
    }
}
