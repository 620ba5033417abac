using System.Diagnostics;
using System.Globalization;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>The outside writer, in a process of its own, as its starter sees it.</summary>
internal sealed class WriterProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly WriterOrder _order;

    private WriterProcess(Process process, WriterOrder order)
    {
        _process = process;
        _order = order;
    }

    /// <summary>Starts it; returns when every key has its first version.</summary>
    public static async Task<WriterProcess> StartAsync(WriterOrder order, string connectionString, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(WriterProcess).Assembly.Location, .. order.ToArguments()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new PlatformException("The outside writer did not start.");

        // By its input: a command line can be read by everybody.
        var writer = new WriterProcess(process, order);
        try
        {
            await process.StandardInput.WriteLineAsync(connectionString);
            await process.StandardInput.FlushAsync(cancellationToken);
            var answer = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartLimit, cancellationToken);
            PlatformException.ThrowUnless(answer == OutsideWriter.Ready, "The outside writer could not write its first versions.");
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Lets it write; returns what it has written, in order, once it is done.</summary>
    public async Task<IReadOnlyList<Acknowledged>> WriteAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(OutsideWriter.Begin);
        await _process.StandardInput.FlushAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_order.Length + EndLimit);
        var written = new List<Acknowledged>();
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == OutsideWriter.End)
                return written;
            var parts = line.Split(' ');
            written.Add(new Acknowledged(
                int.Parse(parts[0], CultureInfo.InvariantCulture),
                int.Parse(parts[1], CultureInfo.InvariantCulture),
                long.Parse(parts[2], CultureInfo.InvariantCulture)));
        }

        throw new PlatformException("The outside writer ended early.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
