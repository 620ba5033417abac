using Microsoft.Extensions.Logging;

namespace Cache.Core.Tests.Valkey.Relay;

/// <summary>Holds up whoever logs a certain message, until it is disposed of.</summary>
internal sealed class HeldLogger(string part) : ILogger, IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _release = new();

    /// <summary>Completes when somebody is held up.</summary>
    public Task Reached => _reached.Task;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!formatter(state, exception).Contains(part, StringComparison.Ordinal))
            return;
        _reached.TrySetResult();
        _release.Wait(TimeSpan.FromMinutes(2));
    }

    public void Dispose() => _release.Set();
}
