using System.Collections;

namespace TenantPlatform.LocalServers;

/// <summary>The environment of PostgreSQL's programs: the user's own <c>PG…</c> variables, meant for another server, must not reach them.</summary>
internal static class PostgresEnvironment
{
    public static IReadOnlyDictionary<string, string?> For(ServerBinary binary)
    {
        var variables = new Dictionary<string, string?>(binary.Environment, StringComparer.Ordinal) { ["LC_ALL"] = "C" };
        foreach (var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => (string)variable.Key))
        {
            if (name.StartsWith("PG", StringComparison.Ordinal))
                variables[name] = null;
        }

        return variables;
    }
}
