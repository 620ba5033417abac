using Cache.Core.Diagnostics;

namespace Cache.Core;

/// <summary>One call of the source for several keys: what is asked for, and where the answers go.</summary>
/// <remarks>
/// Safe for concurrent use. A key is answered as soon as its answer is given, whatever the others do; the first one counts. What is left
/// when the source returns is not known to it (<see cref="FetchResult{T}.NotFound"/>), and when it throws has failed.
/// </remarks>
public sealed class ManyFetch<T>
{
    private readonly Dictionary<string, TaskCompletionSource<FetchResult<T>>> _answers;

    internal ManyFetch(IReadOnlyList<string> keys)
    {
        Keys = keys;
        _answers = keys.ToDictionary(
            static key => key, static _ => new TaskCompletionSource<FetchResult<T>>(TaskCreationOptions.RunContinuationsAsynchronously), StringComparer.Ordinal);
    }

    /// <summary>The keys, each once, in the order in which the caller has named them.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The answer for a key, as a fetch of that key alone would return it.</summary>
    /// <exception cref="ArgumentException">The key is not among those asked for.</exception>
    public void Answer(string key, FetchResult<T> answer) => Of(key).TrySetResult(answer);

    /// <summary>The source has this value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; treated as immutable from now on.</param>
    /// <param name="revision">Its revision, if the source has revisions.</param>
    /// <param name="options">What the value itself decides: see <see cref="FetchResult{T}.Found"/>.</param>
    /// <exception cref="ArgumentException">The key is not among those asked for.</exception>
    public void Found(string key, T value, long? revision = null, CacheEntryOptions? options = null) => Answer(key, FetchResult<T>.Found(value, revision, options));

    /// <summary>The key's fetch has failed: what a fetch of that key alone would throw. The others do not fail with it.</summary>
    /// <exception cref="ArgumentException">The key is not among those asked for.</exception>
    public void Fail(string key, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        Fail(Of(key), failure);
    }

    internal Task<FetchResult<T>> AnswerOf(string key) => Of(key).Task;

    /// <summary>The source has returned.</summary>
    internal void End()
    {
        foreach (var answer in _answers.Values)
            answer.TrySetResult(FetchResult<T>.NotFound());
    }

    /// <summary>The source has thrown.</summary>
    internal void End(Exception failure)
    {
        foreach (var answer in _answers.Values)
            Fail(answer, failure);
    }

    private static void Fail(TaskCompletionSource<FetchResult<T>> answer, Exception failure)
    {
        answer.TrySetException(failure);
        _ = answer.Task.Exception; // observed here: the caller may have gone
    }

    private TaskCompletionSource<FetchResult<T>> Of(string key) => _answers.TryGetValue(key, out var answer)
        ? answer
        : throw new ArgumentException($"A key '{CacheTracing.Pattern(key)}' is answered that was not asked for: answer those in {nameof(Keys)}, spelt as there.", nameof(key));
}
