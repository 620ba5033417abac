using System.Buffers;
using System.Security.Cryptography;
using Cache.Core.Formats;

namespace Cache.Core.Snapshots;

/// <summary>The sealed file. It is either the one written last or the one before: written beside it, to the disk, and then renamed.</summary>
internal sealed class SnapshotFile(string path, string scope, EncryptionKeys keys, long largest)
{
    /// <summary>What sealing adds to the records, and more.</summary>
    private const int Sealing = 1024;

    private readonly EncryptedFormat _format = new(new RawFormat(), keys);

    /// <summary>What the file is bound to: one cache's file cannot pose as another's.</summary>
    private readonly string _bound = "last-known-good:" + scope;

    /// <summary>Writes the file, for this user's eyes only.</summary>
    /// <exception cref="IOException">It cannot be written; the one before stays.</exception>
    /// <exception cref="UnauthorizedAccessException">As before.</exception>
    public long Write(ReadOnlyMemory<byte> records)
    {
        var sealed_ = new ArrayBufferWriter<byte>(records.Length + Sealing);
        _format.Write(_bound, records, [], sealed_);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } directory)
            Directory.CreateDirectory(directory);
        var beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(beside, options))
        {
            stream.Write(sealed_.WrittenSpan);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
        return sealed_.WrittenCount;
    }

    /// <summary>Reads the file.</summary>
    /// <returns>The records, or why there are none, in a word; neither when there is no file.</returns>
    public (List<(string Key, KnownRecord Record)>? Records, string? Fault) Read()
    {
        byte[] bytes;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > largest + Sealing)
                return (null, "oversized");
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, exception.GetType().Name);
        }

        var decoded = _format.Read<ReadOnlyMemory<byte>>(_bound, bytes);
        if (decoded.Fault is { } fault)
            return (null, fault);
        var records = SnapshotPayload.Read(decoded.Value.Span);
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsMemory(decoded.Value).Span);
        return records is null ? (null, "format") : (records, null);
    }
}
