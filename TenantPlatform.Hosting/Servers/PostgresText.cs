namespace TenantPlatform.Hosting.Servers;

/// <summary>Quotes names and values for SQL.</summary>
internal static class PostgresText
{
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Right whatever <c>standard_conforming_strings</c> says.</summary>
    public static string Literal(string value) =>
        $"E'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
