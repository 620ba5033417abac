namespace TenantPlatform.LocalServers;

/// <summary>Quotes names and values for SQL.</summary>
internal static class PostgresText
{
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A psql script that creates a database unless it exists.</summary>
    public static string CreateDatabase(string name) =>
        $"SELECT {Literal($"CREATE DATABASE {Identifier(name)}")} WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = {Literal(name)})\\gexec\n";

    /// <summary>Right whatever <c>standard_conforming_strings</c> says.</summary>
    public static string Literal(string value) =>
        $"E'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
