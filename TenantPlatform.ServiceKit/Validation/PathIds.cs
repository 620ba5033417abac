using TenantPlatform.ServiceKit.Errors;

namespace TenantPlatform.ServiceKit.Validation;

/// <summary>Ids in paths.</summary>
public static class PathIds
{
    /// <summary>Reads one.</summary>
    /// <param name="name">What it is the id of, such as <c>Organization</c>.</param>
    /// <param name="text">The text in the path.</param>
    /// <exception cref="ApiException">The text is not a UUID.</exception>
    public static Guid Read(string name, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Guid.TryParse(text, out var id) ? id : throw ApiErrors.InvalidField(name, $"{char.ToLowerInvariant(name[0])}{name[1..]}", "must be a UUID");
    }
}
