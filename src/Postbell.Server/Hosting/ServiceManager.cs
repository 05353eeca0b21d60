using System.Net.Sockets;
using System.Text;

namespace Postbell.Server.Hosting;

/// <summary>Tells systemd how far the server is (sd_notify); says nothing when another program started the server.</summary>
internal static class ServiceManager
{
    /// <summary>Sends a state such as READY=1. A manager that does not listen is no failure of the server.</summary>
    public static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } address)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A leading @ is systemd's way to write the zero byte of an abstract address.
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        }
        catch (SocketException)
        {
            // Nobody is there.
        }
    }
}
