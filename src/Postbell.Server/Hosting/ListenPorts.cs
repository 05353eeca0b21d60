using System.Net;
using System.Net.Sockets;
using Postbell.Server.Commands;
using Postbell.Server.Configuration;
using Postbell.Server.Http;

namespace Postbell.Server.Hosting;

/// <summary>The fixed ports of a configuration, and whether they can be had.</summary>
internal static class ListenPorts
{
    /// <summary>Every door with its address, as people see it.</summary>
    public static IReadOnlyList<Door> Doors(ServerConfiguration configuration) =>
    [
        .. configuration.Sip.Select(end => new Door("sip (udp+tcp)", end.ToString())),
        .. TlsOf(configuration).Select(end => new Door("sip (tls)", end.ToString())),
        .. PlainWebSocketOf(configuration).Select(end => new Door("sip (websocket)", end.ToString())),
        .. TlsWebSocketOf(configuration).Select(end => new Door("sip (websocket, tls)", end.ToString())),
        .. configuration.Imap.Select(end => new Door("imap (starttls)", end.ToString())),
        .. configuration.ImapTls.Select(end => new Door("imap (tls)", end.ToString())),
        .. SmtpOf(configuration).Select(door => new Door(door.Name, door.End.ToString())),
        .. configuration.Web.Select(end => new Door("web", end.ToString())),
    ];

    /// <summary>Tries each port for a moment, so that all conflicts come in one line before anything has been started.</summary>
    /// <exception cref="CommandFailedException">Ports that others hold, or that need rights the process has not.</exception>
    public static void EnsureFree(ServerConfiguration configuration)
    {
        var problems = Wanted(configuration).Select(Problem).OfType<string>().ToArray();
        if (problems.Length > 0)
        {
            var hint = configuration.Demo ? "; --port-offset N moves every port" : "";
            throw new CommandFailedException($"cannot listen on {string.Join(", ", problems)}{hint}");
        }
    }

    /// <summary>The ports with what they are for.</summary>
    public static IEnumerable<(string Door, ProtocolType Protocol, IPEndPoint End)> Wanted(ServerConfiguration configuration) =>
    [
        .. configuration.Sip.Select(end => ("sip", ProtocolType.Udp, end)),
        .. configuration.Sip.Select(end => ("sip", ProtocolType.Tcp, end)),
        .. TlsOf(configuration).Select(end => ("sip", ProtocolType.Tcp, end)),
        .. PlainWebSocketOf(configuration).Select(end => ("sip", ProtocolType.Tcp, end)),
        .. TlsWebSocketOf(configuration).Select(end => ("sip", ProtocolType.Tcp, end)),
        .. configuration.Imap.Select(end => ("imap", ProtocolType.Tcp, end)),
        .. configuration.ImapTls.Select(end => ("imap", ProtocolType.Tcp, end)),
        .. SmtpOf(configuration).Select(door => ("smtp", ProtocolType.Tcp, door.End)),
        .. configuration.Web.Select(end => ("web", ProtocolType.Tcp, end)),
    ];

    private static IEnumerable<(string Name, IPEndPoint End)> SmtpOf(ServerConfiguration configuration) => configuration.Smtp is not { } doors ? [] :
    [
        .. doors.Lmtp.Select(end => ("lmtp", end)),
        .. doors.Intake.Select(end => ("smtp", end)),
        .. doors.Submission.Select(end => ("submission (starttls)", end)),
        .. doors.SubmissionTls.Select(end => ("submission (tls)", end)),
    ];

    private static IReadOnlyList<IPEndPoint> TlsOf(ServerConfiguration configuration) => configuration.SipTls?.Listen ?? [];

    private static IReadOnlyList<IPEndPoint> PlainWebSocketOf(ServerConfiguration configuration) => configuration.SipWebSocket?.Listen ?? [];

    private static IReadOnlyList<IPEndPoint> TlsWebSocketOf(ServerConfiguration configuration) => configuration.SipWebSocket?.ListenTls ?? [];

    /// <summary>Null when the port can be had, else the port and why not.</summary>
    public static string? Problem((string Door, ProtocolType Protocol, IPEndPoint End) wanted)
    {
        var (door, protocol, end) = wanted;
        try
        {
            using var socket = new Socket(end.AddressFamily, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
            socket.Bind(end);
            return null;
        }
        catch (SocketException fault)
        {
            var why = fault.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "in use by another program",
                SocketError.AccessDenied => "ports below 1024 need rights",
                SocketError.AddressNotAvailable => "not an address of this machine",
                _ => fault.Message,
            };
            return $"{(protocol == ProtocolType.Udp ? "udp" : "tcp")} port {end.Port} of {end.Address} for {door} ({why})";
        }
    }
}
