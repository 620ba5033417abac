using System.Text.Json;

namespace Crm.Api.Holders;

/// <summary>The body of POST and PATCH; PATCH leaves absent fields as they are, and changes neither type nor document.</summary>
internal sealed record HolderBody(
    string? Type = null,
    string? Name = null,
    string? Document = null,
    string? ExternalId = null,
    Addresses? Addresses = null,
    Contact? Contact = null,
    NaturalPerson? NaturalPerson = null,
    LegalPerson? LegalPerson = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null)
{
    // A record would write out its fields wherever somebody puts it into a text.
    public override string ToString() => nameof(HolderBody);
}
