namespace Ledger.Api.Validation;

/// <summary>The status of an entity as it travels.</summary>
internal sealed record StatusBody(string? Code = null, string? Description = null)
{
    public const string Active = "ACTIVE";
}
