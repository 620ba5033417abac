using System.Globalization;
using System.Security.Cryptography;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;

namespace TenantPlatform.LocalServers.Tests.Processes;

/// <summary>
/// A parent to be ended in every way there is. Run as <c>TenantPlatform.LocalServers.Tests victim servers|sleepers|lost-guardian</c>,
/// it starts children, prints what must vanish with it, one <c>kind value</c> a line, then <c>ready</c>, and obeys one word
/// on standard input.
/// </summary>
internal static class Victim
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["victim", var what])
        {
            await Console.Error.WriteLineAsync("These are tests: run them with dotnet test.");
            return 2;
        }

        switch (what)
        {
            case "servers":
                await StartServersAsync();
                break;
            case "lost-guardian":
                await StartSleepersAsync(2);
                UnixProcess.SignalGroup(Guardian.Shared.ProcessId, UnixSignal.Kill);
                await Eventually.HoldsAsync("the guardian is gone", () => !UnixProcess.Exists(Guardian.Shared.ProcessId));
                await StartSleepersAsync(2);
                break;
            default:
                await StartSleepersAsync(12);
                break;
        }

        Tell("process", Guardian.Shared.ProcessId);
        Console.WriteLine("ready");
        switch (Environment.GetEnvironmentVariable("VICTIM_END"))
        {
            case "crash":
                Environment.FailFast("as the test asked");
                break;
            case "return":
                return 0;
        }

        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    private static int _grandchildren;

    private static async Task StartServersAsync()
    {
        var valkeyBinary = (await ServerLocator.FindValkeyAsync()).Require();
        var password = RandomNumberGenerator.GetHexString(16);
        var valkey = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = valkeyBinary, Password = password });
        Tell("process", valkey.ProcessId);
        Tell("port", valkey.Port);
        var postgres = await PostgresFixture.StartOwnAsync();
        Tell("process", postgres.ProcessId);
        Tell("port", postgres.Port);
        Tell("directory", postgres.DataDirectory);
        foreach (var backend in ProcessTable.ChildrenOf(postgres.ProcessId))
            Tell("process", backend);
    }

    private static async Task StartSleepersAsync(int count)
    {
        var directory = await TemporaryDirectory.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(directory.FullPath, "file"), "content");
        Tell("directory", directory.FullPath);

        // All at once, the guardian too: whoever could inherit the pipe to it, would.
        var children = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => ChildProcess.StartAsync(
            new ChildProcessOptions { FileName = "sh", Arguments = ["-c", "sleep 1000 & echo grandchild $!; wait"], OutputLine = Relay })));
        foreach (var child in children)
            Tell("process", child.Id);
        await Eventually.HoldsAsync("every grandchild started", () => _grandchildren >= count);
    }

    private static void Relay(string line)
    {
        Tell("process", int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        Interlocked.Increment(ref _grandchildren);
    }

    private static void Tell(string kind, object value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind} {value}"));
}
