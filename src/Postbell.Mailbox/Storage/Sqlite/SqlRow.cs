using SQLitePCL;

namespace Postbell.Mailbox.Storage.Sqlite;

/// <summary>The row a query stands on: columns by number, taken from SQLite as they are asked for. Valid only while the row is mapped.</summary>
internal readonly struct SqlRow(sqlite3_stmt statement)
{
    /// <summary>A column of bytes; empty for null.</summary>
    public byte[] this[int column] => raw.sqlite3_column_blob(statement, column).ToArray();

    /// <summary>A column of bytes where SQLite has it: only for the mapping itself.</summary>
    public ReadOnlySpan<byte> GetSpan(int column) => raw.sqlite3_column_blob(statement, column);

    public bool IsDBNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? throw new InvalidCastException("The column is null.");
}
