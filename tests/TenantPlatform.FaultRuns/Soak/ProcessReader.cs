using System.Globalization;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Reads what a process holds from <c>/proc</c> (proc(5)); Linux only.</summary>
internal static class ProcessReader
{
    private const string PrivateLine = "RssAnon:";
    private const string ThreadsLine = "Threads:";

    /// <summary>Null when the process is gone.</summary>
    public static ProcessSample? Read(string resource, int process, double? heap, double? queue)
    {
        try
        {
            var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");
            var status = File.ReadAllLines($"{folder}/status");
            var (handles, sockets) = (0, 0);
            foreach (var handle in Directory.EnumerateFileSystemEntries($"{folder}/fd"))
            {
                handles++;
                if (new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
                    sockets++;
            }

            return new ProcessSample(resource, process, Number(status, PrivateLine) * 1024, heap, handles, sockets, (int)Number(status, ThreadsLine), queue);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private static long Number(IEnumerable<string> status, string name)
    {
        var line = status.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
