using System.Net;
using System.Text.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantPlatform.TestKit;

/// <summary>What the fake tenant-manager does with a request. Immutable; change copies with <c>with</c>.</summary>
public sealed record FakeAnswer
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    /// <summary>The body; <see langword="null"/>: none.</summary>
    public string? Body { get; init; }

    /// <summary>The body's content type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Sent as the ETag; a request that has it already is answered 304.</summary>
    public string? ETag { get; init; }

    /// <summary>Real time to wait before answering.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Answering waits until this completes; the request is counted before.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>The connection is cut instead of answering.</summary>
    public bool Aborts { get; init; }

    /// <summary>200 with a configuration, its revision as the ETag.</summary>
    public static FakeAnswer Config(TenantConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Json(config) with { ETag = config.Revision is { } revision ? $"\"{revision}\"" : null };
    }

    /// <summary>200 with a value as JSON.</summary>
    public static FakeAnswer Json<T>(T value) => new() { Body = JsonSerializer.Serialize(value, ContractJson.Options) };

    /// <summary>403 with a status, such as <c>suspended</c> or <c>purged</c>; without one, an unparsable body.</summary>
    public static FakeAnswer Denied(string? status) => new()
    {
        Status = HttpStatusCode.Forbidden,
        Body = status is null ? "denied" : JsonSerializer.Serialize(new { code = "TENANT_DENIED", error = $"tenant service is {status}", status }),
        ContentType = status is null ? "text/plain" : "application/json",
    };

    /// <summary>404 with an error body.</summary>
    public static FakeAnswer NotFound() => Json(new ApiError("TENANT_NOT_FOUND", "Not Found", "No such tenant.")) with { Status = HttpStatusCode.NotFound };

    /// <summary>Any status with an error body.</summary>
    public static FakeAnswer Error(HttpStatusCode status) => Json(new ApiError("FAKE", status.ToString(), "As the test asked.")) with { Status = status };

    /// <summary>200 with something that is not JSON.</summary>
    public static FakeAnswer Garbage() => new() { Body = "\u0000<html>{{{", ContentType = "text/html" };

    /// <summary>Never answers; the caller's timeout or cancellation ends it.</summary>
    public static FakeAnswer Hang() => new() { Delay = Timeout.InfiniteTimeSpan };

    /// <summary>Cuts the connection.</summary>
    public static FakeAnswer Abort() => new() { Aborts = true };
}
