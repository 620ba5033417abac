using System.Globalization;
using System.Text;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Keeps what a soak has seen while it runs: what it was until then is there whatever ends it.</summary>
internal sealed class SoakFiles(string folder)
{
    /// <summary>Where.</summary>
    public string Folder => folder;

    public async Task WriteAsync(IReadOnlyList<Sample> samples, IReadOnlyList<SoakRound> rounds, CancellationToken cancellationToken)
    {
        if (samples.Count == 0)
            return;
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "samples.csv"), Table(samples), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "soak.svg"), SoakPlot.Draw(Measures.Of(samples), rounds, samples[^1].At), cancellationToken);
    }

    private static string Table(IReadOnlyList<Sample> samples)
    {
        var table = new StringBuilder("seconds,churned,resource,process,private_bytes,heap_bytes,handles,sockets,threads,queue,keys,clients,sessions,l1_hit_rate,l2_hit_rate\n");
        foreach (var sample in samples)
        {
            foreach (var process in sample.Processes)
                table.Append(CultureInfo.InvariantCulture, $"{sample.At.TotalSeconds:0},{sample.Churned},{process.Resource},{process.Process},{process.Private},{process.Heap},{process.Handles},{process.Sockets},{process.Threads},{process.Queue},,,,,\n");
            table.Append(CultureInfo.InvariantCulture, $"{sample.At.TotalSeconds:0},{sample.Churned},servers,,{sample.ValkeyMemory},,,,,,{sample.ValkeyKeys},{sample.ValkeyClients},{sample.Sessions},{sample.L1HitRate:0.0000},{sample.L2HitRate:0.0000}\n");
        }

        return table.ToString();
    }
}
