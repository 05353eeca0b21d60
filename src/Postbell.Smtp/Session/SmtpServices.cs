using Microsoft.Extensions.Logging;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.SignIn;
using Postbell.Smtp.Receiving;

namespace Postbell.Smtp.Session;

/// <summary>What all sessions share.</summary>
internal sealed record SmtpServices(
    MailStore Store,
    Func<AddressBook> Addresses,
    IOutboundQueue? Outbound,
    SmtpOptions Options,
    SmtpStatistics Statistics,
    SignInDesk Desk,
    LocalDelivery Delivery,
    SuccessReports Reports,
    VacationReplies Vacations,
    TimeProvider Time,
    ILogger Log);
