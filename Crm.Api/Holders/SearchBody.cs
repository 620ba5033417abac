namespace Crm.Api.Holders;

/// <summary>What a holder is looked up by: in a body, because queries end up in the logs of whatever is in between.</summary>
internal sealed record SearchBody(string? Document = null)
{
    // As of HolderBody.
    public override string ToString() => nameof(SearchBody);
}
