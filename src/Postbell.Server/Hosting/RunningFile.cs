using System.Text.Json;
using Postbell.Server.Configuration;
using Postbell.Server.Http;

namespace Postbell.Server.Hosting;

/// <summary>What a running server writes into its data folder so that other processes find it.</summary>
/// <param name="Process">Process number.</param>
/// <param name="Web">Address of the HTTP door; null when it is closed.</param>
/// <param name="Sip">Address and port of SIP; null when it is closed.</param>
/// <param name="Sips">Address and port of SIP over TLS; null when it is closed.</param>
internal sealed record RunningFile(int Process, string? Web, string? Sip, string? Sips = null)
{
    /// <summary>What is true of this process.</summary>
    public static RunningFile Of(ServerConfiguration configuration) => new(
        Environment.ProcessId,
        configuration.Web.Count > 0 ? $"http://{configuration.Web[0]}" : null,
        configuration.Sip.Count > 0 ? configuration.Sip[0].ToString() : null,
        configuration.SipTls is { Listen: [var first, ..] } ? first.ToString() : null);

    /// <summary>Reads the file of a folder; empty values when it is damaged.</summary>
    public static RunningFile Read(DataLayout layout)
    {
        try
        {
            return JsonSerializer.Deserialize<RunningFile>(File.ReadAllText(layout.Running), Json.Options) ?? new RunningFile(0, null, null);
        }
        catch (Exception fault) when (fault is JsonException or IOException)
        {
            return new RunningFile(0, null, null);
        }
    }

    /// <summary>Writes it.</summary>
    public void Write(DataLayout layout) => PrivateFile.Write(layout.Running, JsonSerializer.Serialize(this, Json.Options) + "\n");
}
