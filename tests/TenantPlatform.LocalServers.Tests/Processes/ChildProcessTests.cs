using System.Collections.Concurrent;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;

namespace TenantPlatform.LocalServers.Tests.Processes;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _output = new();

    private string Output => string.Join('\n', _output);

    [Fact]
    public async Task Arguments_WithBlanksQuotesAndNothing_ArriveAsTheyAre()
    {
        await using var child = await StartAsync("printf", ["<%s>\n", "a b", "\"'$x", string.Empty, "-n"]);

        Assert.Equal(0, await child.Exited.WaitAsync(Limit));
        Assert.Equal("<a b>\n<\"'$x>\n<>\n<-n>", Output);
    }

    [Fact]
    public async Task Environment_NamesWithHyphenOrDot_Arrive()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["services__tenant-manager__http__0"] = "http://127.0.0.1:1",
            ["with.dot"] = "line one\nline two",
            ["HOME"] = null,
        };
        await using var child = await StartAsync("env", [], variables);

        await child.Exited.WaitAsync(Limit);
        Assert.Contains("services__tenant-manager__http__0=http://127.0.0.1:1\n", Output, StringComparison.Ordinal);
        Assert.Contains("with.dot=line one\nline two", Output, StringComparison.Ordinal);
        Assert.DoesNotContain(_output, line => line.StartsWith("HOME=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StandardInput_Given_IsWhatTheChildReads()
    {
        await using var child = await ChildProcess.StartAsync(
            new ChildProcessOptions { FileName = "cat", StandardInput = "one\ntwo\n", OutputLine = _output.Enqueue });

        await child.Exited.WaitAsync(Limit);
        Assert.Equal("one\ntwo", Output);
    }

    [Fact]
    public async Task WorkingDirectory_Given_IsWhereItRuns()
    {
        await using var directory = await TemporaryDirectory.CreateAsync();
        await using var child = await ChildProcess.StartAsync(
            new ChildProcessOptions { FileName = "pwd", WorkingDirectory = directory.FullPath, OutputLine = _output.Enqueue });

        await child.Exited.WaitAsync(Limit);
        Assert.Equal(directory.FullPath, Output);
    }

    [Fact]
    public async Task ExitCode_OfFailure_IsReported()
    {
        await using var child = await StartShellAsync("exit 7");

        Assert.Equal(7, await child.Exited.WaitAsync(Limit));
    }

    [Fact]
    public async Task MissingProgram_AtStart_IsNamed()
    {
        var failure = await Assert.ThrowsAsync<FileNotFoundException>(() => StartAsync("no-such-program", []));

        Assert.Contains("no-such-program", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_OfWillingProcess_LetsItFinish()
    {
        await using var child = await StartShellAsync("trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done");
        await SeenAsync("up");

        Assert.Equal(3, await child.StopAsync(Limit));
        Assert.EndsWith("bye", Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_OfUnwillingProcess_KillsItAfterTheLimit()
    {
        await using var child = await StartShellAsync("trap '' TERM; echo up; while :; do sleep 0.05; done");
        await SeenAsync("up");

        Assert.Equal(128 + 9, await child.StopAsync(TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public async Task Kill_WithGrandchildren_TakesThemAlong()
    {
        await using var child = await StartShellAsync("sleep 1000 & echo $!; wait");
        await Eventually.HoldsAsync("grandchild started", () => !_output.IsEmpty);
        var grandchild = int.Parse(_output.Single());
        Assert.True(ProcessTable.IsAlive(grandchild));

        await child.KillAsync();

        await Eventually.HoldsAsync("grandchild gone", () => !ProcessTable.IsAlive(grandchild));
    }

    [Fact]
    public async Task Exit_LeavingGrandchildren_TakesThemAlong()
    {
        await using var child = await StartShellAsync("sleep 1000 & echo $!");

        await child.Exited.WaitAsync(Limit);

        var grandchild = int.Parse(_output.Single());
        await Eventually.HoldsAsync("grandchild gone", () => !ProcessTable.IsAlive(grandchild));
    }

    [Fact]
    public async Task Pause_ThenStop_EndsInOrder()
    {
        // No program in the loop: a shell that is just starting one waits for it in the kernel, and so never shows as stopped.
        await using var child = await StartShellAsync("trap 'exit 3' TERM; echo up; while :; do :; done");
        await SeenAsync("up");

        child.Pause();
        await Eventually.HoldsAsync("process is stopped", () => ProcessTable.StateOf(child.Id) == 'T');

        Assert.Equal(3, await child.StopAsync(Limit));
    }

    [Fact]
    public async Task GuardianPipe_ManyChildrenStartedAtOnce_IsInheritedByNone()
    {
        var children = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => StartAsync("sleep", ["1000"])));
        try
        {
            // When it rests: while it strikes out what tests beside this one have deleted, it reads its own list, not us.
            var pipe = string.Empty;
            await Eventually.HoldsAsync("the guardian has three open files, and this process holds the other end of the first", () =>
            {
                pipe = ProcessTable.OpenFileOf(Guardian.Shared.ProcessId, 0);
                return pipe.StartsWith("pipe:", StringComparison.Ordinal) && HoldsOpen(Environment.ProcessId, pipe)
                    && ProcessTable.OpenFilesOf(Guardian.Shared.ProcessId).Count == 3;
            });
            Assert.All(children, child => Assert.False(HoldsOpen(child.Id, pipe)));
        }
        finally
        {
            await Task.WhenAll(children.Select(child => child.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task User_WhenWeAreRoot_IsDroppedTo()
    {
        var user = Environment.IsPrivilegedProcess ? UnixUser.Find("nobody") : null;
        await using var child = await ChildProcess.StartAsync(
            new ChildProcessOptions { FileName = "id", Arguments = ["-u"], User = user, WorkingDirectory = "/", OutputLine = _output.Enqueue });

        Assert.Equal(0, await child.Exited.WaitAsync(Limit));
        Assert.False(_output.Single() == "0", "the child runs as root");
    }

    private static bool HoldsOpen(int processId, string file) =>
        ProcessTable.OpenFilesOf(processId).Contains(file, StringComparer.Ordinal);

    private Task SeenAsync(string line) => Eventually.HoldsAsync($"the child says '{line}'", () => _output.Contains(line, StringComparer.Ordinal));

    private Task<ChildProcess> StartShellAsync(string script) => StartAsync("sh", ["-c", script]);

    private Task<ChildProcess> StartAsync(string program, string[] arguments, Dictionary<string, string?>? environment = null) =>
        ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = program,
            Arguments = arguments,
            Environment = environment ?? new Dictionary<string, string?>(StringComparer.Ordinal),
            OutputLine = _output.Enqueue,
        });
}
