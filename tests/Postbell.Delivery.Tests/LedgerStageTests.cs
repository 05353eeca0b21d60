using System.Reflection;

namespace Postbell.Delivery.Tests;

public sealed class LedgerStageTests
{
    [Fact]
    public void Stage_names_are_stored_and_never_change() =>
        typeof(LedgerStage).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetRawConstantValue()).ShouldBe(
            ["answered", "recording", "mailbox_full", "recorded", "spooled", "interrupted", "composed", "committed", "notified", "retry", "held", "poor_audio"]);
}
