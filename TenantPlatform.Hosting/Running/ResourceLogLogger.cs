using Microsoft.Extensions.Logging;

namespace TenantPlatform.Hosting.Running;

/// <summary>Lets the host write into a resource's log.</summary>
internal sealed class ResourceLogLogger(ResourceLog log) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        log.Write(formatter(state, exception), logLevel >= LogLevel.Error);
        if (exception is not null)
            log.Write(exception.ToString(), isError: true);
    }
}
