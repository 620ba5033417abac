using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using TenantPlatform.FaultProxy.Links;
using TenantPlatform.FaultProxy.Tests.Sockets;

namespace TenantPlatform.FaultProxy.Tests.Control;

/// <summary>Links from configuration, and how the process ends when they are wrong.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void Read_ListAndSection_AreAddedUp()
    {
        var links = Read(
            ("FAULTPROXY_LINKS", " valkey = 127.0.0.1:7000 -> 127.0.0.1:6379 ; v6=[::1]:0->tcp://[::1]:6379; "),
            ("FaultProxy:Links:tenant-manager:Listen", "tcp://localhost:7001"),
            ("FaultProxy:Links:tenant-manager:Target", "http://manager.internal:8080/"));
        Assert.Equal(
            ["tenant-manager 127.0.0.1:7001 manager.internal:8080", "v6 [::1]:0 [::1]:6379", "valkey 127.0.0.1:7000 127.0.0.1:6379"],
            links.Select(link => $"{link.Name} {link.Listen} {link.Target}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "No links")]
    [InlineData("valkey", "'valkey'; expected is")]
    [InlineData("valkey=127.0.0.1:0", "expected is")]
    [InlineData("=127.0.0.1:0->a:1", "a name has")]
    [InlineData("two words=127.0.0.1:0->a:1", "'two words'")]
    [InlineData("v=nowhere:0->a:1", "cannot listen on 'nowhere:0'")]
    [InlineData("v=127.0.0.1->a:1", "cannot listen on")]
    [InlineData("v=127.0.0.1:70000->a:1", "cannot listen on")]
    [InlineData("v=127.0.0.1:0->a", "has the target 'a'")]
    [InlineData("v=127.0.0.1:0->a:0", "has the target")]
    [InlineData("v=127.0.0.1:0->ftp://a:1", "has the target")]
    [InlineData("v=127.0.0.1:0->https://a:1", "has the target")]
    [InlineData("v=127.0.0.1:0->a:1;V=127.0.0.1:0->b:1", "configured twice")]
    [InlineData("v=127.0.0.1:7000->127.0.0.1:7000", "has itself")]
    public void Read_Wrong_SaysWhat(string list, string part)
    {
        var exception = Assert.Throws<LinkConfigurationException>(() => Read(("FAULTPROXY_LINKS", list)));
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Read_SectionWithoutTargetOrWithUnknownSetting_SaysWhat()
    {
        var missing = Assert.Throws<LinkConfigurationException>(() => Read(("FaultProxy:Links:v:Listen", "127.0.0.1:0")));
        Assert.Contains("'v' has the target ''", missing.Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<LinkConfigurationException>(() => Read(("FaultProxy:Links:v:Port", "1")));
        Assert.Contains("unknown setting 'Port'", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bind_AddressOfAnotherLink_IsRefused()
    {
        await using var target = new TargetServer();
        await using var link = new LinkUnderTest(target.Port);
        var taken = link.Link.EndPoint.Port;
        var exception = await Assert.ThrowsAsync<LinkConfigurationException>(() => ProxyUnderTest.StartAsync($"v=127.0.0.1:{taken}->127.0.0.1:{target.Port}"));
        Assert.Contains($"cannot listen on 127.0.0.1:{taken}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_WrongConfiguration_EndsWithOneLine()
    {
        var (code, output, error) = await RunAsync("valkey=127.0.0.1:0", "http://127.0.0.1:0");
        Assert.Equal(1, code);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Contains("FAULTPROXY_LINKS has the entry", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Process_ControlAddressTaken_EndsWithOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (code, _, error) = await RunAsync("valkey=127.0.0.1:0->127.0.0.1:1", $"http://{taken.LocalEndpoint}");
        Assert.Equal(1, code);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Contains("address", error, StringComparison.OrdinalIgnoreCase);
    }

    private static IReadOnlyList<LinkDefinition> Read(params (string Key, string Value)[] settings) => LinkConfiguration.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());

    private static async Task<(int Code, string Output, string Error)> RunAsync(string links, string urls)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FaultProxyHost).Assembly.Location]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FAULTPROXY_LINKS"] = links;
        start.Environment["ASPNETCORE_URLS"] = urls;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
