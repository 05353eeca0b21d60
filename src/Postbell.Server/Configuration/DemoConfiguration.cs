using System.Net;
using Postbell.Directory;

namespace Postbell.Server.Configuration;

/// <summary>What <c>postbell up</c> starts: everything on loopback, a demo organization, ports that need no rights.</summary>
internal static class DemoConfiguration
{
    /// <summary>Name of the demo's dial plan.</summary>
    public const string DialPlan = "Demo";

    /// <summary>The number that the demo's telephones forward to.</summary>
    public const string Pilot = "5000";

    /// <summary>Largest offset that keeps every port below 65536 (RTP ends at 29999).</summary>
    public const int MaxPortOffset = 65535 - 29999;

    /// <summary>The configuration for a data folder, every port moved by an offset.</summary>
    public static ServerConfiguration Create(string dataDirectory, int portOffset) => new()
    {
        DataDirectory = Path.GetFullPath(dataDirectory),
        Organization = CreateOrganization(),
        Demo = true,
        Sip = [Local(5060 + portOffset)],
        SipTls = new SipTlsDoor { Listen = [Local(5061 + portOffset)] },
        Imap = [Local(1143 + portOffset)],
        ImapTls = [Local(1993 + portOffset)],
        Smtp = new SmtpDoors { Lmtp = [Local(1024 + portOffset)], Submission = [Local(1587 + portOffset)] },
        Web = [Local(8080 + portOffset)],
        // RTP ports begin at an even number, whatever the offset.
        FirstRtpPort = (20000 + portOffset + 1) & ~1,
        LastRtpPort = 29999 + portOffset,
        DrainTime = TimeSpan.FromSeconds(5),
    };

    private static IPEndPoint Local(int port) => new(IPAddress.Loopback, port);

    private static Organization CreateOrganization() => new(
        [new DialPlan { Name = DialPlan, NumberOfDigitsInExtension = 4, VoipSecurity = VoipSecurity.Any }],
        // Nobody waits for lamps there; phones of this machine may subscribe.
        [new Gateway { Name = "Loopback", Address = GatewayAddress.Loopback, MessageWaitingIndicatorAllowed = false, AllowSdesOverClear = true }],
        [
            new HuntGroup { Name = "Pilot", Gateway = "Loopback", DialPlan = DialPlan, PilotIdentifiers = [Pilot] },
            new HuntGroup { Name = "Default", Gateway = "Loopback", DialPlan = DialPlan },
        ],
        []);
}
