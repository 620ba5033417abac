using System.Text.Json;

namespace Crm.Api.Holders;

/// <summary>All that tells who a holder is: it is sealed as a whole.</summary>
internal sealed record HolderData(
    string Name,
    string Document,
    string? ExternalId = null,
    Addresses? Addresses = null,
    Contact? Contact = null,
    NaturalPerson? NaturalPerson = null,
    LegalPerson? LegalPerson = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null)
{
    public static HolderData Of(HolderBody body) => new(
        body.Name!, body.Document!, body.ExternalId, body.Addresses, body.Contact, body.NaturalPerson, body.LegalPerson, body.Metadata);

    /// <summary>What the body gives takes the place of what was.</summary>
    public HolderData With(HolderBody body) => new(
        body.Name ?? Name,
        Document,
        body.ExternalId ?? ExternalId,
        body.Addresses ?? Addresses,
        body.Contact ?? Contact,
        body.NaturalPerson ?? NaturalPerson,
        body.LegalPerson ?? LegalPerson,
        body.Metadata ?? Metadata);

    // As of HolderBody.
    public override string ToString() => nameof(HolderData);
}
