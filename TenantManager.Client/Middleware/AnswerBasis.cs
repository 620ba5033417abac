using System.Globalization;
using Cache.Core;
using Microsoft.AspNetCore.Http;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.Middleware;

/// <summary>
/// Headers that tell what an answer was based on, written in the Development environment only: whoever checks the
/// invariants from outside needs to know. Revision, tier and process; never a value.
/// </summary>
internal static class AnswerBasis
{
    /// <summary>The revision of the configuration, or of the denial; absent when it has none.</summary>
    public const string Revision = "X-Tenant-Revision";

    /// <summary><c>l1</c>, <c>l2</c> or <c>fetch</c>; <c>l1-stale</c> for an entry past its time; <c>last-known-good</c> while Valkey and the tenant-manager are both away.</summary>
    public const string Source = "X-Cache-Source";

    /// <summary>The id of the process that answers: what a pod knew, its successor need not know.</summary>
    public const string Process = "X-Process-Id";

    private static readonly string ThisProcess = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Notes what the answer is based on. The headers are written when the answer begins: whoever turns a failure into an answer
    /// may clear what was written before, and a failure with a basis is not one of the look-up.
    /// </summary>
    public static void Write(HttpResponse response, in CacheLookup<TenantConfig> lookup)
    {
        var items = response.HttpContext.Items;
        if (!items.ContainsKey(typeof(AnswerBasis)))
            response.OnStarting(static state => WriteAsync((HttpResponse)state), response);
        items[typeof(AnswerBasis)] = (Name(lookup.Source) + (lookup is { IsStale: true, Source: not CacheSource.LastKnownGood } ? "-stale" : string.Empty), lookup.Result.Revision ?? lookup.Value?.Revision);
    }

    /// <summary>The answer is not based on what was looked up, after all: only who answers is told.</summary>
    public static void Withdraw(HttpResponse response) => response.HttpContext.Items[typeof(AnswerBasis)] = null;

    private static Task WriteAsync(HttpResponse response)
    {
        var headers = response.Headers;
        headers[Process] = ThisProcess;
        if (response.HttpContext.Items[typeof(AnswerBasis)] is not ValueTuple<string, long?> basis)
            return Task.CompletedTask;
        headers[Source] = basis.Item1;
        if (basis.Item2 is { } revision)
            headers[Revision] = revision.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    private static string Name(CacheSource source) => source switch
    {
        CacheSource.L1 => "l1",
        CacheSource.L2 => "l2",
        CacheSource.LastKnownGood => "last-known-good",
        _ => "fetch",
    };
}
