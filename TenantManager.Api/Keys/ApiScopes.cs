namespace TenantManager.Api.Keys;

/// <summary>Scopes as they are written on the wire and in the state.</summary>
internal static class ApiScopes
{
    public const ApiScope All = ApiScope.Service | ApiScope.Read | ApiScope.Write | ApiScope.Admin;
    private static readonly (ApiScope Scope, string Name)[] Names =
        [(ApiScope.Service, "service"), (ApiScope.Read, "read"), (ApiScope.Write, "write"), (ApiScope.Admin, "admin")];

    public static string Expected { get; } = $"must list one or more of {string.Join(", ", Names.Select(name => $"'{name.Name}'"))}";

    /// <summary>Reads names; null when one is unknown or there is none.</summary>
    public static ApiScope? Parse(IReadOnlyCollection<string?>? names)
    {
        var scopes = ApiScope.None;
        foreach (var name in names ?? [])
        {
            var known = Names.FirstOrDefault(scope => scope.Name == name).Scope;
            if (known == ApiScope.None)
                return null;
            scopes |= known;
        }

        return scopes == ApiScope.None ? null : scopes;
    }

    public static string[] NamesOf(ApiScope scopes) => [.. Names.Where(name => (scopes & name.Scope) != ApiScope.None).Select(name => name.Name)];
}
