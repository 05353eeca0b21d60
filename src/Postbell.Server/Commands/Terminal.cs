using System.Text.Json;
using Postbell.Server.Http;

namespace Postbell.Server.Commands;

/// <summary>Where a command reads and writes: results on the output, everything else on the error stream.</summary>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error)
{
    /// <summary>Writes one result as one line of JSON.</summary>
    public void WriteJson<T>(T result)
    {
        Out.WriteLine(JsonSerializer.Serialize(result, Json.Options));
        Out.Flush();
    }

    /// <summary>Writes rows under headings, columns as wide as their widest cell.</summary>
    public void WriteTable(string[] headings, IEnumerable<string[]> rows)
    {
        var all = new List<string[]>(rows);
        all.Insert(0, headings);
        var widths = headings.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            Out.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
