namespace TenantManager.Contracts.Events;

/// <summary>The pub/sub channel of lifecycle events.</summary>
public static class TenantEventChannel
{
    /// <summary>The channel's name for an environment: <c>tenant-events:{env}:</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="environment"/> is empty.</exception>
    public static string For(string environment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(environment);
        return $"tenant-events:{environment}:";
    }
}
