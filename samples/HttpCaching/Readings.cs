using System.Globalization;

namespace HttpCaching;

/// <summary>Stands for a database, and counts how often it is asked. Safe for concurrent use.</summary>
internal sealed class Readings
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public string Next() => $"reading {Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture)}";
}
