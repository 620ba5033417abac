using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>How idempotency keys are kept. Read once, at start.</summary>
internal sealed class IdempotencyOptions
{
    /// <summary>The longest body that is read for its fingerprint, and the longest answer that is kept, in bytes.</summary>
    public const int LongestBody = 1024 * 1024;

    /// <summary>The longest answer that is kept, in bytes.</summary>
    public const int LongestAnswer = 256 * 1024;

    public required bool IsEnabled { get; init; }

    /// <summary>How long an answer is replayed.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>Whether a request with a key is refused while Valkey is away; otherwise it goes on uncovered.</summary>
    public required bool FailsClosed { get; init; }

    /// <summary>How long a key stays taken when the process that holds it has died. It is renewed three times in it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request may hold its key; its handler is cancelled then.</summary>
    public TimeSpan LongestRequest { get; init; } = TimeSpan.FromMinutes(5);

    public Func<HttpContext, GuardRefusal, Task>? WriteRefusal { get; init; }
}
