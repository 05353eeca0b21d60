using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Smtp.Receiving;

namespace Postbell.Smtp.Session;

/// <summary>What all sessions share.</summary>
internal sealed record SmtpServices(
    MailStore Store,
    Func<AddressBook> Addresses,
    IOutboundQueue? Outbound,
    SmtpOptions Options,
    SmtpStatistics Statistics,
    LoginThrottle Throttle,
    LocalDelivery Delivery,
    TimeProvider Time,
    ILogger Log);
