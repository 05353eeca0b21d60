using System.Globalization;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox.Storage.Migrations;

/// <summary>Brings a database to the newest schema, one numbered script after the other, each in a transaction of its own.</summary>
internal static class MigrationRunner
{
    private const string Prefix = "migrations/";

    private static readonly IReadOnlyList<string> Scripts =
    [
        .. typeof(MigrationRunner).Assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Schema number of this version.</summary>
    public static int Newest => Scripts.Count;

    public static void Run(SqlSession session, int applicationId)
    {
        for (var version = (int)(session.Number("PRAGMA user_version") ?? 0); version < Newest; version++)
        {
            var number = (version + 1).ToString(CultureInfo.InvariantCulture);
            session.ExecuteScript(
                "BEGIN IMMEDIATE;\n" + Read(Scripts[version])
                + "\nPRAGMA application_id = " + applicationId.ToString(CultureInfo.InvariantCulture)
                + ";\nPRAGMA user_version = " + number + ";\nCOMMIT;");
        }
    }

    private static string Read(string resource)
    {
        using var stream = typeof(MigrationRunner).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"Migration {resource} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
