using Postbell.Imap.Ordering;
using Postbell.Imap.Protocol;
using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.Mime.Composing;
using Postbell.TestKit;

namespace Postbell.Imap.Tests.Ordering;

/// <summary>What sorting a large folder takes.</summary>
public sealed class MessageSorterTests
{
    private const int Many = 100_000;

    [Fact]
    public void A_hundred_thousand_messages_are_sorted_by_date_and_nothing_but_dates_is_kept()
    {
        var order = new Random(5256);
        var summaries = Enumerable.Range(0, Many).Select(i => new EnvelopeRow((uint)i + 1, DateTimeOffset.UnixEpoch.AddSeconds(order.Next()), 1, new MimeEnvelope())).ToList();
        List<int> sorted = [];
        var taken = AllocationMeter.Least(3, _ =>
        {
            var sorter = new MessageSorter([new SortKey(SortField.Date, Reverse: false)], _ => 0);
            for (var i = 0; i < Many; i++)
            {
                sorter.Add(i, summaries[i]);
            }

            sorted = sorter.Sort();
        });
        sorted.Zip(sorted.Skip(1)).ShouldAllBe(pair => summaries[pair.First].InternalDate <= summaries[pair.Second].InternalDate);

        // Numbers alone: 8 octets of the date, 4 of the place and 4 of the order, and what lists leave behind when they grow.
        taken.ShouldBeLessThan(Many * 64L);
    }

    [Fact]
    public void Reading_the_date_of_a_stored_message_takes_little_however_large_its_structure()
    {
        var recipients = string.Join(",\r\n ", Enumerable.Range(0, 200).Select(i => $"\"Person {i}\" <p{i}@example.com>"));
        var structure = MimeJson.Serialize(MimeParser.Parse(System.Text.Encoding.ASCII.GetBytes(
            $"Date: Wed, 1 May 2024 10:00:00 +0000\r\nTo: {recipients}\r\nSubject: s\r\n\r\nbody\r\n")));
        structure.Length.ShouldBeGreaterThan(8_000);
        AllocationMeter.Least(5, _ => MimeJson.ReadEnvelope(structure, EnvelopeFields.Date).Date.ShouldNotBeNull()).ShouldBeLessThan(1_000);
        var envelope = MimeJson.ReadEnvelope(structure, EnvelopeFields.Date | EnvelopeFields.To);
        envelope.To!.Count.ShouldBe(200);
        envelope.Subject.ShouldBeNull();
        MailDate.TryParseMoment(envelope.Date, out _).ShouldBeTrue();
    }
}
