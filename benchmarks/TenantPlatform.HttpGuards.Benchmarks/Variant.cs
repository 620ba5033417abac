namespace TenantPlatform.HttpGuards.Benchmarks;

/// <summary>One way of asking.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="HasLimits">Whether the service has rate limits.</param>
/// <param name="HasIdempotency">Whether it has idempotency keys.</param>
/// <param name="Sends">What the requests carry.</param>
/// <param name="IsLocal">Whether there is no Valkey to count in.</param>
internal sealed record Variant(string Name, bool HasLimits, bool HasIdempotency, KeyKind Sends, bool IsLocal = false)
{
    public static IReadOnlyList<Variant> All { get; } =
    [
        new("no guard", HasLimits: false, HasIdempotency: false, KeyKind.None),
        new("rate limits, two of them", HasLimits: true, HasIdempotency: false, KeyKind.None),
        new("the same, counted locally", HasLimits: true, HasIdempotency: false, KeyKind.None, IsLocal: true),
        new("idempotency, requests without a key", HasLimits: false, HasIdempotency: true, KeyKind.None),
        new("… with a new key each", HasLimits: false, HasIdempotency: true, KeyKind.New),
        new("… replayed", HasLimits: false, HasIdempotency: true, KeyKind.Same),
        new("both, with a new key each", HasLimits: true, HasIdempotency: true, KeyKind.New),
    ];
}
