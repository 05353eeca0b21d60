using System.Globalization;

namespace Postbell.Mime.Composing;

/// <summary>Hands out the boundaries of one message, outermost first.</summary>
internal sealed class BoundarySequence
{
    private const int MaxSeed = 48;

    private readonly string _seed;
    private int _next;

    public BoundarySequence(string seed) => _seed = string.Concat(seed.Where(char.IsAsciiLetterOrDigit).Take(MaxSeed));

    public string Next() => string.Create(CultureInfo.InvariantCulture, $"=_{_seed}_{_next++}");
}
