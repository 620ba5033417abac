using System.Text.Json;
using Ledger.Api.Errors;

namespace Ledger.Api.Validation;

/// <summary>Collects all that is wrong with a body, to be told at once.</summary>
internal sealed class FieldChecks(string entity)
{
    private readonly Dictionary<string, string> _wrong = new(StringComparer.Ordinal);

    public FieldChecks Required(string field, string? text, int most = 256)
    {
        if (string.IsNullOrWhiteSpace(text))
            _wrong[field] = "is required";
        else
            Text(field, text, most);
        return this;
    }

    public FieldChecks Text(string field, string? text, int most = 256)
    {
        if (text is not null && (text.Length > most || text.Any(char.IsControl)))
            _wrong[field] = $"must be at most {most} characters without control characters";
        return this;
    }

    public FieldChecks Uuid(string field, string? text)
    {
        if (text is not null && !Guid.TryParse(text, out _))
            _wrong[field] = "must be a UUID";
        return this;
    }

    public FieldChecks Status(StatusBody? status) => Text("status.code", status?.Code, 100).Text("status.description", status?.Description);

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

    public FieldChecks That(bool holds, string field, string problem)
    {
        if (!holds)
            _wrong[field] = problem;
        return this;
    }

    /// <exception cref="LedgerException">Something is wrong.</exception>
    public void Done()
    {
        if (_wrong.Count > 0)
            throw LedgerErrors.InvalidFields(entity, _wrong);
    }
}
