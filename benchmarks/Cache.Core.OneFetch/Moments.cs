using System.Globalization;
using System.Runtime.InteropServices;

namespace Cache.Core.OneFetch;

/// <summary>What one process saw of a round, in milliseconds from its start.</summary>
/// <param name="Fetches">How often it fetched.</param>
/// <param name="Began">When its fetch began; zero without one.</param>
/// <param name="Fetched">When the source had answered it; zero without one.</param>
/// <param name="First">When its first caller was answered.</param>
/// <param name="Last">When its last caller was answered.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moments(int Fetches, double Began, double Fetched, double First, double Last)
{
    public static Moments Parse(string line) => line.Split(' ') is [var fetches, .. var times]
        && times.Select(time => double.Parse(time, CultureInfo.InvariantCulture)).ToArray() is [var began, var fetched, var first, var last]
            ? new Moments(int.Parse(fetches, CultureInfo.InvariantCulture), began, fetched, first, last)
            : throw new InvalidOperationException("A process said something else.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Fetches} {Began:0.0} {Fetched:0.0} {First:0.0} {Last:0.0}");
}
