namespace Postbell.Bench.MailLoad;

/// <summary>What one run of one part against one server gave; one line of the results file.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Server">Against whom.</param>
/// <param name="Values">Figures by name, in the order in which they are shown.</param>
internal sealed record MailFigures(string Part, string Server, Dictionary<string, double> Values);
