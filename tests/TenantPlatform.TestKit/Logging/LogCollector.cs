using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.TestKit;

/// <summary>Keeps all that is logged, down to Trace, so that a test can assert what is there and that no secret is. Safe for concurrent use.</summary>
public sealed class LogCollector : ILoggerProvider, ILoggerFactory
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly LoggerExternalScopeProvider _scopes = new();

    /// <summary>What was logged so far.</summary>
    public IReadOnlyCollection<LogLine> Lines => _lines;

    /// <summary>All of it as text: messages, structured values, scopes and exceptions.</summary>
    public string Text => string.Join('\n', _lines);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines, _scopes);

    /// <summary>A logger whose lines are kept here.</summary>
    public ILogger<T> CreateLogger<T>() => new Logger<T>(this);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogLine> lines, LoggerExternalScopeProvider scopes) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            // A scope reaches every sink too: a secret there is a leak like any other.
            lines.Enqueue(new LogLine(category, LogLevel.None, $"scope: {state}", PropertiesOf(state), Exception: null));
            return scopes.Push(state);
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new LogLine(category, logLevel, formatter(state, exception), [.. PropertiesOf(state), .. PropertiesOfScopes()], exception));

        private static IReadOnlyList<KeyValuePair<string, object?>> PropertiesOf<TState>(TState state) =>
            state is IEnumerable<KeyValuePair<string, object?>> properties ? [.. properties] : [];

        private List<KeyValuePair<string, object?>> PropertiesOfScopes()
        {
            var properties = new List<KeyValuePair<string, object?>>();
            scopes.ForEachScope(static (scope, all) => all.AddRange(PropertiesOf(scope)), properties);
            return properties;
        }
    }
}
