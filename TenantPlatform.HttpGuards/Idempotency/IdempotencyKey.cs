using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>The key that a request carries, by either of its names.</summary>
public static class IdempotencyKey
{
    /// <summary>Carries the key.</summary>
    public const string Header = "X-Idempotency";

    /// <summary>The name by the IETF's draft, draft-ietf-httpapi-idempotency-key-header.</summary>
    public const string StandardHeader = "Idempotency-Key";

    /// <summary>Says <c>true</c> of an answer that was given before.</summary>
    public const string ReplayedHeader = "X-Idempotency-Replayed";

    private const int Longest = 256;

    /// <summary>Reads the key; null when there is none.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="refusal">What is wrong with it; null when nothing is.</param>
    internal static string? Read(IHeaderDictionary headers, out GuardRefusal? refusal)
    {
        var (ours, standard) = (headers[Header].ToString(), headers[StandardHeader].ToString());
        refusal = null;
        if (ours.Length > 0 && standard.Length > 0 && ours != standard)
            refusal = Refusals.TwoKeys;
        var key = ours.Length > 0 ? ours : standard;
        if (key.Length > Longest || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            refusal ??= Refusals.BadKey;
        return key.Length > 0 ? key : null;
    }

    /// <summary>Whether a request's method is one that changes something, and so may carry a key.</summary>
    public static bool IsFor(string method) =>
        HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method) || HttpMethods.IsDelete(method);
}
