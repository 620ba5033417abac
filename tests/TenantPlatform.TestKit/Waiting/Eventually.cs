using System.Diagnostics;

namespace TenantPlatform.TestKit;

/// <summary>Waits for something to become true, in real time, and says what was last seen when it does not.</summary>
public static class Eventually
{
    /// <summary>Far more than anything takes: it costs nothing when things work, and a busy machine may pause for seconds.</summary>
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public static Task HoldsAsync(string what, Func<bool> condition, TimeSpan? limit = null) =>
        HoldsAsync(what, () => Task.FromResult(condition()), limit);

    /// <inheritdoc cref="HoldsAsync(string, Func{bool}, TimeSpan?)"/>
    public static Task HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? limit = null) =>
        BecomesAsync(what, condition, holds => holds, limit);

    /// <summary>Reads a value until it is as wanted, and returns it.</summary>
    /// <param name="what">What is waited for; begins the failure's message.</param>
    /// <param name="read">Reads the value; its exceptions count as "not yet".</param>
    /// <param name="wanted">Whether the value is as wanted.</param>
    /// <param name="limit">How long to wait; 60 s unless told.</param>
    /// <exception cref="TimeoutException">It did not become so in time; the message says what was last seen.</exception>
    public static async Task<T> BecomesAsync<T>(string what, Func<Task<T>> read, Predicate<T> wanted, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(wanted);
        var bound = limit ?? DefaultLimit;
        var clock = Stopwatch.StartNew();
        var seen = "nothing";
        Exception? failure = null;
        do
        {
            try
            {
                var value = await read().WaitAsync(bound);
                if (wanted(value))
                    return value;
                (seen, failure) = (value?.ToString() ?? "null", null);
            }
            catch (Exception exception)
            {
                (seen, failure) = (exception.Message, exception);
            }

            await Task.Delay(Interval);
        }
        while (clock.Elapsed < bound);

        throw new TimeoutException($"{what}: not within {bound.TotalSeconds} s. Last seen: {seen}", failure);
    }
}
