using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using TenantPlatform.HttpGuards.Settings;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>What a service says of its idempotency keys.</summary>
public sealed class IdempotencyBuilder
{
    private const int LongestRetention = 30 * 24 * 3600;
    private Func<HttpContext, GuardRefusal, Task>? _write;

    internal IdempotencyBuilder()
    {
    }

    internal Type Scope { get; private set; } = typeof(IIdempotencyScope);

    internal Type? Protector { get; private set; }

    /// <summary>How long an answer is replayed, unless <c>IDEMPOTENCY_RETENTION_SEC</c> says otherwise. 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether requests with a key are refused with 503 while Valkey is away, unless <c>IDEMPOTENCY_WITHOUT_VALKEY</c> says otherwise;
    /// if not, they go on uncovered. True: for money and whatever else must not happen twice.
    /// </summary>
    public bool FailsClosed { get; set; } = true;

    /// <summary>Says whose keys a request's are; made once, from the service's own services.</summary>
    public IdempotencyBuilder ScopeBy<T>()
        where T : class, IIdempotencyScope
    {
        Scope = typeof(T);
        return this;
    }

    /// <summary>Has records sealed before they lie in Valkey; made once, from the service's own services.</summary>
    public IdempotencyBuilder ProtectBy<T>()
        where T : class, IRecordProtector
    {
        Protector = typeof(T);
        return this;
    }

    /// <summary>Says how a refusal is written; its status and headers are set already.</summary>
    public IdempotencyBuilder WriteRefusalsBy(Func<HttpContext, GuardRefusal, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        _write = write;
        return this;
    }

    /// <exception cref="GuardSettingException">A setting is wrong.</exception>
    internal IdempotencyOptions Build(IConfiguration configuration)
    {
        const string Away = "IDEMPOTENCY_WITHOUT_VALKEY";
        var read = new SettingReader(configuration);
        return new IdempotencyOptions
        {
            IsEnabled = read.Flag("IDEMPOTENCY_ENABLED", otherwise: true),
            Retention = TimeSpan.FromSeconds(read.Number("IDEMPOTENCY_RETENTION_SEC", (int)Retention.TotalSeconds, atLeast: 1, atMost: LongestRetention)),
            FailsClosed = read.Text(Away) switch
            {
                null => FailsClosed,
                "refuse" => true,
                "proceed" => false,
                var text => throw new GuardSettingException(Away, $"is '{text}': it must be 'refuse' (503) or 'proceed' (uncovered)."),
            },
            WriteRefusal = _write,
        };
    }
}
