using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>
/// One database connection with its prepared statements, straight on SQLite's own interface: a command goes through ten and more statements, and a layer
/// between costs more than the statements. Not thread-safe: whoever holds it is alone with it.
/// </summary>
internal sealed class SqlSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly Dictionary<string, Prepared> _statements = new(StringComparer.Ordinal);

    public SqlSession(SqliteConnection connection)
    {
        _connection = connection;
        _database = connection.Handle!;
    }

    /// <summary>Runs a statement; returns the rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments)
    {
        var statement = Bind(sql, arguments);
        try
        {
            while (Step(statement))
            {
            }
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }

        return raw.sqlite3_changes(_database);
    }

    /// <summary>All rows of a query. Parameters are <c>$1</c>, <c>$2</c>, ... as in PostgreSQL.</summary>
    public List<T> Query<T>(string sql, Func<SqlRow, T> map, params ReadOnlySpan<object?> arguments)
    {
        var statement = Bind(sql, arguments);
        var rows = new List<T>();
        try
        {
            while (Step(statement))
            {
                rows.Add(map(new SqlRow(statement)));
            }
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }

        return rows;
    }

    /// <summary>The first row, or the default of the type.</summary>
    public T? QueryFirst<T>(string sql, Func<SqlRow, T> map, params ReadOnlySpan<object?> arguments)
    {
        var statement = Bind(sql, arguments);
        try
        {
            return Step(statement) ? map(new SqlRow(statement)) : default;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    /// <summary>The first column of the first row as a number, or null.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> arguments)
    {
        var statement = Bind(sql, arguments);
        try
        {
            return Step(statement) && raw.sqlite3_column_type(statement, 0) != raw.SQLITE_NULL ? raw.sqlite3_column_int64(statement, 0) : null;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    /// <summary>Runs a script of several statements without parameters.</summary>
    public void ExecuteScript(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Copies the database as it is at this instant into a new file and forces it to disk.</summary>
    public void BackupTo(string file)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        target.Open();
        _connection.BackupDatabase(target);
        target.Close();
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Statement.Dispose();
        }

        _connection.Dispose();
    }

    private sqlite3_stmt Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_statements.TryGetValue(sql, out var prepared))
        {
            _statements.Add(sql, prepared = Prepare(sql, arguments.Length));
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            Check(Bind(prepared.Statement, prepared.Places[i], arguments[i]));
        }

        return prepared.Statement;
    }

    // To SQLite $1 is a name: it numbers parameters as they first occur.
    private Prepared Prepare(string sql, int arguments)
    {
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        var places = new int[arguments];
        for (var i = 0; i < arguments; i++)
        {
            places[i] = raw.sqlite3_bind_parameter_index(statement, string.Create(CultureInfo.InvariantCulture, $"${i + 1}"));
        }

        return new Prepared(statement, places);
    }

    private static int Bind(sqlite3_stmt statement, int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        long number => raw.sqlite3_bind_int64(statement, index, number),
        string text => raw.sqlite3_bind_text(statement, index, text),
        byte[] bytes => raw.sqlite3_bind_blob(statement, index, bytes),
        _ => throw new ArgumentException($"A {value.GetType().Name} is nothing the database keeps.", nameof(value)),
    };

    private bool Step(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return result == raw.SQLITE_ROW;
        }

        Check(result);
        return false;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);

    /// <summary>A statement, and where in it each argument goes.</summary>
    private readonly record struct Prepared(sqlite3_stmt Statement, int[] Places);
}
