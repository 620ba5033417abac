using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>What one resource wrote: the last lines in memory, all of them in a file. Safe for concurrent use.</summary>
internal sealed class ResourceLog : IDisposable
{
    private const int Capacity = 5_000;
    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly List<Channel<IReadOnlyList<LogLine>>> _watchers = [];
    private StreamWriter? _file;
    private int _count;

    /// <summary>The file, when there is one.</summary>
    public string? Path { get; private set; }

    public void OpenFile(string path)
    {
        lock (_lock)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            _file?.Dispose();
            _file = new StreamWriter(path, append: false) { AutoFlush = true };
            Path = path;
        }
    }

    public void Write(string text, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(++_count, text, isError);
            _lines.Enqueue(line);
            if (_lines.Count > Capacity)
                _lines.Dequeue();
            _file?.WriteLine(text);
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite([line]);
        }
    }

    public IReadOnlyList<string> Tail(int count)
    {
        lock (_lock)
            return [.. _lines.TakeLast(count).Select(line => line.Content)];
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var watcher = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
        lock (_lock)
        {
            if (_lines.Count > 0)
                watcher.Writer.TryWrite([.. _lines]);
            _watchers.Add(watcher);
        }

        try
        {
            await foreach (var lines in watcher.Reader.ReadAllAsync(cancellationToken))
                yield return lines;
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(watcher);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
            foreach (var watcher in _watchers)
                watcher.Writer.TryComplete();
        }
    }
}
