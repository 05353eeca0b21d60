namespace Postbell.Server.Hosting;

/// <summary>Names of the files and folders inside a data folder. Opens nothing.</summary>
internal sealed class DataLayout(string path)
{
    /// <summary>The folder itself, absolute.</summary>
    public string Root { get; } = Path.GetFullPath(path);

    /// <summary>Recordings on their way into mailboxes.</summary>
    public string Spool => Path.Combine(Root, "spool");

    /// <summary>Messages for other mail servers.</summary>
    public string Outbound => Path.Combine(Root, "outbound");

    /// <summary>Large mail while it comes in; worthless after a stop.</summary>
    public string Incoming => Path.Combine(Root, "incoming");

    /// <summary>Rendered prompts.</summary>
    public string Prompts => Path.Combine(Root, "prompts");

    /// <summary>The signalling of calls that failed.</summary>
    public string Traces => Path.Combine(Root, "traces");

    /// <summary>Log files.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Locked by the running server.</summary>
    public string Lock => Path.Combine(Root, "server.lock");

    /// <summary>Process number of the running server.</summary>
    public string ProcessId => Path.Combine(Root, "server.pid");

    /// <summary>Where the running server can be reached, as JSON; absent while none runs.</summary>
    public string Running => Path.Combine(Root, "running.json");

    /// <summary>Socket of the administration interface; who may open the file may administer.</summary>
    public string AdminSocket => Path.Combine(Root, "admin.sock");

    /// <summary>Bearer token of the administration interface over TCP.</summary>
    public string AdminToken => Path.Combine(Root, "admin.token");

    /// <summary>The demo organization's people with their passwords and PINs.</summary>
    public string DemoPeople => Path.Combine(Root, "demo-people.json");

    /// <summary>The self-signed certificate with its key that is used where none is configured.</summary>
    public string OwnCertificate => Path.Combine(Root, "tls.pem");

    /// <summary>The kernel's limit for the path of a Unix socket is 108 bytes with the closing zero.</summary>
    public bool AdminSocketFits => System.Text.Encoding.UTF8.GetByteCount(AdminSocket) < 108;
}
