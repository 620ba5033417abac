using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using TenantManager.Api.Associations;
using TenantManager.Api.Errors;
using TenantManager.Contracts;

namespace TenantManager.Api.Tenants;

/// <summary>The query of <c>GET /v1/tenants</c>.</summary>
internal sealed record TenantQuery(
    [property: FromQuery(Name = "status")] string? Status = null,
    [property: FromQuery(Name = "tier")] string? Tier = null,
    [property: FromQuery(Name = "environment")] string? Environment = null,
    [property: FromQuery(Name = "slug")] string? Slug = null,
    [property: FromQuery(Name = "name")] string? Name = null,
    [property: FromQuery(Name = "service")] string? Service = null,
    [property: FromQuery(Name = "limit")] string? Limit = null,
    [property: FromQuery(Name = "cursor")] string? Cursor = null)
{
    private const string MetadataPrefix = "metadata.";
    private const int LongestText = 256;
    private const int MostMetadata = 10;
    private static readonly string[] Known = ["status", "tier", "environment", "slug", "name", "service", "limit", "cursor"];
    private static readonly string[] Statuses = [TenantStatus.Active, TenantStatus.Suspended, TenantStatus.Deleting, TenantStatus.Purged];

    /// <summary>What is asked for.</summary>
    /// <param name="given">The whole query: what is asked for by a name that is not known must not be answered with everything.</param>
    /// <exception cref="ApiException">Something is unknown or wrong; <c>fields</c> says what.</exception>
    public TenantFilter ToFilter(IQueryCollection given)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in given)
        {
            var isMetadata = name.StartsWith(MetadataPrefix, StringComparison.Ordinal) && name.Length > MetadataPrefix.Length;
            if (!isMetadata && !Known.Contains(name, StringComparer.Ordinal))
                wrong[Shown(name)] = $"is no filter: there are {string.Join(", ", Known)} and metadata.KEY";
            else if (values.Count != 1)
                wrong[Shown(name)] = "is given more than once";
            else if (!IsText(name) || !IsText(values[0]!))
                wrong[Shown(name)] = $"must be 1 to {LongestText} characters, no control characters";
            else if (isMetadata)
                metadata[name[MetadataPrefix.Length..]] = values[0]!;
        }

        if (metadata.Count > MostMetadata)
            wrong["metadata"] = $"is asked for by more than {MostMetadata} keys";
        if (Status is not null && !Statuses.Contains(Status, StringComparer.Ordinal))
            wrong["status"] = $"must be one of {string.Join(", ", Statuses)}";
        if (Tier is not null && !TenantTier.IsKnown(Tier))
            wrong["tier"] = TenantValidation.ExpectedTier;
        if (Service is not null && !ServiceName.IsValid(Service))
            wrong["service"] = "must be a service's name";
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);
        return new TenantFilter
        {
            Status = Status,
            Tier = Tier,
            Environment = Environment,
            Slug = Slug,
            Name = Name,
            Service = Service,
            Metadata = metadata.Count == 0 ? null : JsonSerializer.Serialize(metadata),
            After = Cursor is null ? null : TenantsApi.Id(Cursor).Value,
        };
    }

    private static bool IsText(string text) => text.Length is > 0 and <= LongestText && !text.Any(char.IsControl);

    /// <summary>A stranger's name for a filter, short enough to be told back.</summary>
    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
