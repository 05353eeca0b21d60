using Microsoft.Data.Sqlite;

namespace Postbell.Mailbox.Tests.Durability;

/// <summary>A store as the first version of the schema kept it.</summary>
internal static class OldDatabase
{
    public static byte[] Message(int number) => OpenedStore.Bytes(
        number == 2 ? $"Message-ID: <2@old>\nReferences: <1@old>\nSubject: Re: message 1\n\nwords {number}" : $"Message-ID: <{number}@old>\nSubject: message {number}\n\nwords {number}");

    public static void Create(string directory, int messages)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "postbell.db")};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = WAL;" + FirstScript() + "PRAGMA application_id = 0x50424C31; PRAGMA user_version = 1;");
        Run(connection, """
            INSERT INTO counters VALUES ('account', 1), ('uid_validity', 100);
            INSERT INTO accounts VALUES (1, 'old', 'old', 'Old', '', '', '', '', '', 0, 50, 1, 3);
            INSERT INTO folders VALUES (1, 1, 'INBOX', 0, 1, 100, 4, 4, 50);
            """);
        for (var i = 1; i <= messages; i++)
        {
            Insert(connection, directory, i);
        }
    }

    private static void Insert(SqliteConnection connection, string directory, int number)
    {
        var message = Message(number);
        var name = $"aa/{number:D32}";
        Directory.CreateDirectory(Path.Combine(directory, "blobs", "aa"));
        File.WriteAllBytes(Path.Combine(directory, "blobs", name), message);
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO contents VALUES (1, $n, $name, $sum, $size, $structure, NULL, 0, 0, 0, NULL, NULL, NULL);
            INSERT INTO messages VALUES (1, 1, $n, $n, $n, 0, NULL, 1000, $size, 0, 0);
            """;
        command.Parameters.AddWithValue("$n", number);
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$sum", System.Security.Cryptography.SHA256.HashData(message));
        command.Parameters.AddWithValue("$size", message.Length);
        command.Parameters.AddWithValue("$structure", Mime.MimeJson.Serialize(Mime.MimeParser.Parse(message)));
        command.ExecuteNonQuery();
    }

    private static string FirstScript()
    {
        using var stream = typeof(MailStore).Assembly.GetManifestResourceStream("migrations/0001_first.sql")!;
        return new StreamReader(stream).ReadToEnd();
    }

    private static void Run(SqliteConnection connection, string script)
    {
        using var command = connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }
}
