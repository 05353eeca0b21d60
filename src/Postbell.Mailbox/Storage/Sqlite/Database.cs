using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>Opens <c>postbell.db</c>: settings of every connection, the checks at start, migrations.</summary>
internal static class Database
{
    /// <summary>Says in the file header that the database is ours: "PBL1".</summary>
    private const int ApplicationId = 0x50424C31;

    private static readonly Lock ProviderGate = new();
    private static bool s_providerReady;

    /// <summary>Opens the connection of the writer, after the file was found sound and brought to the newest schema.</summary>
    public static SqlSession OpenWriter(string file)
    {
        try
        {
            var session = Connect(file);
            try
            {
                Check(session, file);
                session.ExecuteScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = FAST;");
                // Pages that many commits change are copied back once for 16 MB of log, not for 4; the index wants a cache to merge in.
                session.ExecuteScript("PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;");
                Migrations.MigrationRunner.Run(session, ApplicationId);
                return session;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is SqliteCodes.NotADatabase or SqliteCodes.Corrupt)
        {
            throw Damaged(file, fault.Message, fault);
        }
        catch (SqliteException fault) when (SqliteCodes.IsStorage(fault.SqliteErrorCode))
        {
            throw fault.SqliteErrorCode == SqliteCodes.Full
                ? new MailboxException(MailboxFailure.DiskFull, $"{file} cannot be opened: the disk is full.", fault)
                : new MailboxException(MailboxFailure.StorageFailed, $"{file} cannot be opened for writing: {fault.Message}", fault);
        }
    }

    /// <summary>Opens a connection that can only read.</summary>
    public static SqlSession OpenReader(string file)
    {
        var session = Connect(file);
        session.ExecuteScript("PRAGMA query_only = ON; PRAGMA busy_timeout = 5000;");
        return session;
    }

    private static SqlSession Connect(string file)
    {
        lock (ProviderGate)
        {
            if (!s_providerReady)
            {
                SQLitePCL.Batteries_V2.Init();
                s_providerReady = true;
            }
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        connection.Open();
        return new SqlSession(connection);
    }

    // Nothing is written before these pass: a database of a newer version or of another program is left exactly as it was.
    private static void Check(SqlSession session, string file)
    {
        var version = session.Number("PRAGMA user_version") ?? 0;
        var application = session.Number("PRAGMA application_id") ?? 0;
        var tables = session.Number("SELECT count(*) FROM sqlite_master") ?? 0;
        if (tables > 0 && application != ApplicationId)
        {
            throw Damaged(file, "it belongs to another program", null);
        }

        if (version > Migrations.MigrationRunner.Newest)
        {
            throw new MailboxException(
                MailboxFailure.NewerDatabase,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file} has schema {version}, this version of Postbell knows schemas up to {Migrations.MigrationRunner.Newest}. Start the newer version, or restore a backup made before the upgrade."));
        }

        // The way to the first row of each table; what lies deeper is checked in the background, however large the database is.
        foreach (var table in session.Query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'", static row => row.GetString(0)))
        {
            session.QueryFirst($"SELECT 1 FROM \"{table}\" LIMIT 1", static row => row.GetInt64(0));
        }
    }

    private static MailboxException Damaged(string file, string why, Exception? inner) =>
        new(MailboxFailure.DatabaseDamaged, $"{file} cannot be used: {why}.", inner);
}

/// <summary>Primary result codes of SQLite that mean something to the store.</summary>
internal static class SqliteCodes
{
    public const int Busy = 5;
    public const int OutOfMemory = 7;
    public const int ReadOnly = 8;
    public const int IoError = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int NotADatabase = 26;

    /// <summary>True when the code speaks of the disk or the whole database and not of one statement.</summary>
    public static bool IsStorage(int code) =>
        code is Busy or OutOfMemory or ReadOnly or IoError or Corrupt or Full or CannotOpen or NotADatabase;
}
