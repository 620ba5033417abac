using System.Buffers.Binary;
using System.IO.Compression;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>A recorded sequence of accesses: gzip of little-endian unsigned 32-bit numbers, a number for each key in the order of first use.</summary>
internal static class TraceFile
{
    /// <summary>How the files' names end.</summary>
    public const string Ending = ".u32.gz";

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static async Task<int[]> ReadAsync(string path, CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        await using (var file = File.OpenRead(path))
        await using (var plain = new GZipStream(file, CompressionMode.Decompress))
            await plain.CopyToAsync(bytes, stop);
        if (bytes.Length == 0 || bytes.Length % sizeof(uint) != 0)
            throw new InvalidDataException($"{path} holds {bytes.Length} bytes: expected numbers of 4 bytes each, and one at least.");
        var requests = new int[bytes.Length / sizeof(uint)];
        for (var n = 0; n < requests.Length; n++)
            requests[n] = BinaryPrimitives.ReadInt32LittleEndian(bytes.GetBuffer().AsSpan(n * sizeof(uint)));
        return requests;
    }
}
