using System.Text;

namespace Postbell.Server.Hosting;

/// <summary>A text file that is appended to and turned over at a size: name, name.1 (newer) to name.5 (oldest). For one writer.</summary>
internal sealed class RollingFile(string path, long limit = 16 << 20, int kept = 5) : IDisposable
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private StreamWriter? _writer;

    /// <summary>Appends one line. A full or failing disk loses log lines, never the server: the next line tries again.</summary>
    public void WriteLine(string line)
    {
        try
        {
            _writer ??= new StreamWriter(path, s_utf8, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite });
            _writer.WriteLine(line);
            if (_writer.BaseStream.Length > limit)
            {
                TurnOver();
            }
        }
        catch (IOException)
        {
            _writer = null;
        }
    }

    /// <summary>Hands what was written to the operating system.</summary>
    public void Flush()
    {
        try
        {
            _writer?.Flush();
        }
        catch (IOException)
        {
            _writer = null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _writer?.Dispose();

    private void TurnOver()
    {
        _writer?.Dispose();
        _writer = null;
        for (var number = kept - 1; number >= 0; number--)
        {
            var older = number == 0 ? path : $"{path}.{number}";
            if (File.Exists(older))
            {
                File.Move(older, $"{path}.{number + 1}", overwrite: true);
            }
        }
    }
}
