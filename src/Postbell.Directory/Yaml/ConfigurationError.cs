namespace Postbell.Directory.Yaml;

/// <summary>Something wrong in a configuration file.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigurationError(string File, int Line, int Column, string Message)
{
    /// <summary><c>file:line:column: message</c>, as compilers write it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
