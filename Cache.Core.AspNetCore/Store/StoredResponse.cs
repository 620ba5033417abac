namespace Cache.Core.AspNetCore.Store;

/// <summary>A stored response without its body: what it says, when it came, and for how long it may be used. Immutable, shared by all who serve it.</summary>
internal sealed record StoredResponse
{
    public required int Status { get; init; }

    public required StoredField[] Fields { get; init; }

    /// <summary>Where its body lies.</summary>
    public required StoredBody Body { get; init; }

    /// <summary>When the request for it was sent.</summary>
    public required DateTimeOffset RequestTime { get; init; }

    /// <summary>When it was received, or validated.</summary>
    public required DateTimeOffset ResponseTime { get; init; }

    /// <summary>How old it was then (RFC 9111, section 4.2.3).</summary>
    public required TimeSpan InitialAge { get; init; }

    /// <summary>How long it is fresh, counted from its generation.</summary>
    public required TimeSpan Lifetime { get; init; }

    public required ReuseRules Rules { get; init; }

    public TimeSpan StaleWhileRevalidate { get; init; }

    public TimeSpan StaleIfError { get; init; }

    public string? EntityTag { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>The resource's epoch under which it was fetched, where responses vary: one of another epoch is not served.</summary>
    public string? Epoch { get; init; }

    public bool Has(ReuseRules rule) => (Rules & rule) != ReuseRules.None;

    public bool HasValidator => EntityTag is not null || LastModified is not null;

    public TimeSpan AgeAt(DateTimeOffset now)
    {
        var resident = now - ResponseTime;
        return resident > TimeSpan.Zero ? InitialAge + resident : InitialAge;
    }

    public StoredResponse Without(string field) =>
        this with { Fields = [.. Fields.Where(one => !one.Name.Equals(field, StringComparison.OrdinalIgnoreCase))] };

    public string? Find(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return field.Values.ToString();
        }

        return null;
    }
}
