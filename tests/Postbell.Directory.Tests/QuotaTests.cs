using Postbell.Directory.Yaml;

namespace Postbell.Directory.Tests;

public sealed class QuotaTests
{
    [Theory]
    [InlineData("2 GB", 2L << 30)]
    [InlineData("1.5GB", 1536L << 20)]
    [InlineData("1024 kb", 1L << 20)]
    [InlineData("0 B", 0L)]
    [InlineData("12", null)]
    [InlineData("-1 GB", null)]
    [InlineData("GB", null)]
    [InlineData("9e9 TB", null)]
    [InlineData("9999999 TB", null)]
    public void Sizes_have_a_unit(string text, long? octets) =>
        (SizeText.TryParse(text, out var value) ? value : (long?)null).ShouldBe(octets);

    [Theory]
    [InlineData("issueWarningQuota: 2 GB", null)]
    [InlineData("prohibitSendReceiveQuota: 2", "must be a size with its unit")]
    [InlineData("prohibitSendReceiveQuota: 1 kB", "must be from 1 MB to 1024 TB")]
    [InlineData("messageCountQuota: 0", "must be a whole number from 1")]
    [InlineData("passwordFailuresBeforeLock: 4", "must be a whole number from 5")]
    [InlineData("passwordLockTime: 25 h", "passwordLockTime")]
    [InlineData("issueWarningQuota: 2 GB\n    prohibitSendReceiveQuota: 1 GB", "must not be above prohibitSendReceiveQuota")]
    public void Quotas_are_checked_with_their_line(string lines, string? error)
    {
        var load = OrganizationYaml.Load($"dialPlans:\n  - name: Main\n    numberOfDigitsInExtension: 4\nmailboxPolicies:\n  - name: P\n    dialPlan: Main\n    {lines}\n", "f");
        if (error is null)
        {
            load.Errors.ShouldBeEmpty();
        }
        else
        {
            load.Errors.ShouldHaveSingleItem().Message.ShouldContain(error);
        }
    }
}
