using System.Text.Json;
using TenantPlatform.ServiceKit.Errors;

namespace TenantPlatform.ServiceKit.Validation;

/// <summary>Collects all that is wrong with a body, to be told at once. It tells of fields, never of values.</summary>
/// <param name="entity">The kind of entity.</param>
public sealed class FieldChecks(string entity)
{
    private readonly Dictionary<string, string> _wrong = new(StringComparer.Ordinal);

    /// <summary>Must be there, and be such a text.</summary>
    public FieldChecks Required(string field, string? text, int most = 256)
    {
        if (string.IsNullOrWhiteSpace(text))
            _wrong[field] = "is required";
        else
            Text(field, text, most);
        return this;
    }

    /// <summary>At most so long, without control characters.</summary>
    public FieldChecks Text(string field, string? text, int most = 256)
    {
        if (text is not null && (text.Length > most || text.Any(char.IsControl)))
            _wrong[field] = $"must be at most {most} characters without control characters";
        return this;
    }

    /// <summary>A UUID.</summary>
    public FieldChecks Uuid(string field, string? text)
    {
        if (text is not null && !Guid.TryParse(text, out _))
            _wrong[field] = "must be a UUID";
        return this;
    }

    /// <summary>Flat, keys of at most 100 characters, values of at most 2000.</summary>
    public FieldChecks Metadata(string field, IReadOnlyDictionary<string, JsonElement>? metadata)
    {
        if (metadata is null)
            return this;
        foreach (var (key, value) in metadata)
        {
            if (key.Length is 0 or > 100)
                _wrong[field] = "must have keys of 1 to 100 characters";
            else if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                _wrong[field] = "must be flat: no objects and no arrays";
            else if (value.GetRawText().Length > 2000 || value.GetRawText().Contains("\\u0000", StringComparison.Ordinal))
                _wrong[field] = "must have values of at most 2000 characters";
        }

        return this;
    }

    /// <summary>Whatever else must hold.</summary>
    public FieldChecks That(bool holds, string field, string problem)
    {
        if (!holds)
            _wrong[field] = problem;
        return this;
    }

    /// <summary>Ends the checks.</summary>
    /// <exception cref="ApiException">Something is wrong.</exception>
    public void Done()
    {
        if (_wrong.Count > 0)
            throw ApiErrors.InvalidFields(entity, _wrong);
    }
}
