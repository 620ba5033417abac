namespace TenantPlatform.ServiceDefaults.Resilience;

/// <summary>The mark on requests of clients that bring their own retries and breaker: two layers of them would multiply.</summary>
internal static class HandledElsewhere
{
    private static readonly HttpRequestOptionsKey<bool> Key = new("http.resilience.handled");

    public static bool IsSet(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(Key, out var handled) && handled;
}
