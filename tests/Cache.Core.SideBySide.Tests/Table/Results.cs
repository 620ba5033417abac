using System.Collections.Concurrent;
using Cache.Core.SideBySide.Tests.Stage;
using TenantPlatform.TestKit;

namespace Cache.Core.SideBySide.Tests.Table;

/// <summary>Runs the cases of a library in a condition, several at a time, and remembers how they went: each once, whoever asks.</summary>
public sealed class Results : IAsyncLifetime
{
    /// <summary>Far more than any case takes; what has not ended by then hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    /// <summary>Ours is to hold every case however busy the machine is.</summary>
    private static readonly TimeSpan OwnLimit = TimeSpan.FromSeconds(60);

    /// <summary>The others write to the second tier behind their callers' backs: now and then a case overtakes that, and is played again.</summary>
    private const int MostPlays = 3;

    /// <summary>The outcome of a case that hangs, or that waits for longer than anybody should.</summary>
    internal const string NotEnded = "It has not ended within its limit.";

    private readonly ConcurrentDictionary<(Library Library, Condition Condition, string Name), Task<string?>> _outcomes = new();
    private readonly SemaphoreSlim _turns = new(24);
    private readonly ValkeyFixture _valkey = new();
    private readonly SilentServer _silent = new();
    private readonly int _refused = FreePort.Next();

    /// <summary>Null when the case holds; otherwise why it does not.</summary>
    internal Task<string?> OfAsync(Library library, Condition condition, Case one) =>
        _outcomes.GetOrAdd((library, condition, one.Name), _ => Task.Run(() => RunAsync(library, condition, one)));

    private static bool IsAsWritten(Library library, Condition condition, Case one, string? outcome) =>
        library == Library.CacheCore
        || (one.FailureOf(library, condition) is { } known
            ? known.IsSometimes || outcome is not null
            : outcome is null || condition is Condition.Away or Condition.Connecting);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await _valkey.InitializeAsync();
        foreach (var (library, condition, one) in Matrix.Rows)
            _ = OfAsync(library, condition, one);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Task.WhenAll(_outcomes.Values);
        _silent.Dispose();
        _turns.Dispose();
        await _valkey.DisposeAsync();
    }

    private async Task<string?> RunAsync(Library library, Condition condition, Case one)
    {
        await _turns.WaitAsync();
        try
        {
            string? outcome = null;
            for (var play = 0; play < MostPlays; play++)
            {
                outcome = await PlayAsync(library, condition, one);
                if (IsAsWritten(library, condition, one, outcome))
                    break;
            }

            return outcome;
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<string?> PlayAsync(Library library, Condition condition, Case one)
    {
        var limit = library == Library.CacheCore ? OwnLimit : Limit;
        var play = new Play(library, condition, ConnectionString(condition));
        try
        {
            await play.OpenAsync();
            var running = Task.Run(() => one.RunAsync(play));
            if (await Task.WhenAny(running, Task.Delay(limit)) != running)
                return NotEnded;
            await running;
            return null;
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}";
        }
        finally
        {
            await play.DisposeAsync().AsTask().WaitAsync(Limit).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private string ConnectionString(Condition condition) => condition switch
    {
        Condition.Valkey => _valkey.ConnectionString,
        Condition.Away => $"127.0.0.1:{_refused}",
        Condition.Connecting => $"127.0.0.1:{_silent.Port}",
        _ => string.Empty,
    };
}
