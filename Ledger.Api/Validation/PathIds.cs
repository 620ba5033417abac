using Ledger.Api.Errors;

namespace Ledger.Api.Validation;

/// <summary>Ids in paths.</summary>
internal static class PathIds
{
    /// <exception cref="LedgerException">The text is not a UUID.</exception>
    public static Guid Read(string name, string text) =>
        Guid.TryParse(text, out var id) ? id : throw LedgerErrors.InvalidField(name, $"{char.ToLowerInvariant(name[0])}{name[1..]}", "must be a UUID");
}
