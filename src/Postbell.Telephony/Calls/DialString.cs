namespace Postbell.Telephony.Calls;

/// <summary>What may be dialled through a gateway.</summary>
internal static class DialString
{
    private const int Longest = 64;

    private static readonly System.Buffers.SearchValues<char> s_characters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+*#.-_");

    /// <summary>Letters, digits and <c>+ * # . - _</c>: nothing that could grow a URI by a parameter, a host or a header.</summary>
    public static bool IsValid(string number) => number.Length is > 0 and <= Longest && !number.AsSpan().ContainsAnyExcept(s_characters);
}
