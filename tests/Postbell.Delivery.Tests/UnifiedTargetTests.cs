using Postbell.Directory;

namespace Postbell.Delivery.Tests;

public class UnifiedTargetTests
{
    [Theory]
    [InlineData(DeliveryMode.Unified, "mail system, ben@example.com: 250 Ok")]
    [InlineData(DeliveryMode.Integrated, null)]
    public async Task The_policy_of_the_person_decides_where_a_message_goes_and_it_is_there_alone(DeliveryMode mode, string? where)
    {
        var (mailboxes, relay) = (new FakeTarget(), new FakeRelay());
        var receipt = await Target(mode, mailboxes, relay).CommitAsync(Envelope(), "x"u8.ToArray(), TestContext.Current.CancellationToken);
        relay.Recipients.Count.ShouldBe(where is null ? 0 : 1);
        if (where is not null)
        {
            receipt.Where.ShouldBe(where);
        }

        mailboxes.Messages.Count.ShouldBe(where is null ? 1 : 0);
    }

    [Fact]
    public async Task What_cannot_be_handed_over_is_not_put_anywhere_else()
    {
        var (mailboxes, relay) = (new FakeTarget(), new FakeRelay { Failure = new IOException("not there") });
        await Should.ThrowAsync<IOException>(() => Target(DeliveryMode.Unified, mailboxes, relay).CommitAsync(Envelope(), "x"u8.ToArray(), TestContext.Current.CancellationToken));
        mailboxes.Messages.ShouldBeEmpty();
    }

    private static MessageEnvelope Envelope() => Sample.Envelope() with { AccountId = 7, RecipientAddress = "ben@example.com" };

    private static UnifiedTarget Target(DeliveryMode mode, FakeTarget mailboxes, FakeRelay relay)
    {
        var organization = new Organization(
            [new DialPlan { Name = "Main", NumberOfDigitsInExtension = 4 }], [], [], [new MailboxPolicy { Name = "Staff", DialPlan = "Main", Delivery = mode }]);
        var person = new Person { AccountId = 7, UserName = "ben", DisplayName = "Ben", EmailAddress = "ben@example.com", DialPlan = "Main", Extension = "1001" };
        return new UnifiedTarget(mailboxes, relay, new PeopleDirectory(organization, [person]));
    }

    private sealed class FakeRelay : IMailRelay
    {
        public List<string> Recipients { get; } = [];

        public Exception? Failure { get; init; }

        public Task<string> SendAsync(string recipient, ReadOnlyMemory<byte> message, CancellationToken cancellation)
        {
            Recipients.Add(recipient);
            return Failure is null ? Task.FromResult("250 Ok") : Task.FromException<string>(Failure);
        }
    }
}
