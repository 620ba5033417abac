namespace TenantManager.Api.Tenants;

/// <summary>Which tenants are wanted; null: whatever it is.</summary>
internal sealed record TenantFilter
{
    public string? Status { get; init; }

    public string? Tier { get; init; }

    public string? Environment { get; init; }

    public string? Slug { get; init; }

    /// <summary>How the name begins, in either case.</summary>
    public string? Name { get; init; }

    /// <summary>A service that the tenant is associated with.</summary>
    public string? Service { get; init; }

    /// <summary>A JSON object of texts, all of which the tenant's metadata must have.</summary>
    public string? Metadata { get; init; }

    /// <summary>Tenants after this one.</summary>
    public string? After { get; init; }

    /// <summary>How the beginning of a name is compared: its own '%' and '_' are letters like any other.</summary>
    public string? NamePattern => Name is null
        ? null
        : Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    /// <summary>The condition, by these properties as parameters. Only what is asked for, so that its index can be used.</summary>
    public string Where()
    {
        (string? Wanted, string Condition)[] all =
        [
            (Status, "status = @Status"),
            (Tier, "tier = @Tier"),
            (Environment, "environment = @Environment"),
            (Slug, "slug = @Slug"),
            (Name, "lower(name) like lower(@NamePattern)"),
            (Service, "exists (select from associations a where a.tenant_id = tenants.id and a.service = @Service and a.status not in ('provisioning', 'purged'))"),
            (Metadata, "metadata_as_json(metadata) @> @Metadata::jsonb"),
            (After, "id > @After"),
        ];
        var wanted = all.Where(one => one.Wanted is not null).Select(one => one.Condition).ToArray();
        return wanted.Length == 0 ? string.Empty : $"where {string.Join(" and ", wanted)}";
    }
}
