using System.Text;

namespace Postbell.Interop.Tests.Programs;

/// <summary>What a program that runs has said until now. It must be read, or the program stops when the pipe is full.</summary>
public sealed class SaidText
{
    private readonly StringBuilder _text = new();

    /// <summary>Ends with the program.</summary>
    public async Task ReadAsync(StreamReader from)
    {
        var buffer = new char[4096];
        int length;
        while ((length = await from.ReadAsync(buffer)) > 0)
        {
            lock (_text)
            {
                _text.Append(buffer, 0, length);
            }
        }
    }

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }
}
