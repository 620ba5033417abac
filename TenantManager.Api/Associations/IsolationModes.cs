namespace TenantManager.Api.Associations;

/// <summary>How a tenant's data is kept apart.</summary>
internal static class IsolationModes
{
    /// <summary>A database of its own.</summary>
    public const string Isolated = "isolated";

    /// <summary>A schema of its own in a database that the service's tenants share.</summary>
    public const string Schema = "schema";

    public const string Expected = "must be 'isolated' (or 'database'): a database of its own, or 'schema': a schema of its own";

    /// <summary>The mode's canonical name, or null when it is unknown.</summary>
    public static string? Normalize(string? mode) => mode switch
    {
        Isolated or "database" => Isolated,
        Schema => Schema,
        _ => null,
    };
}
