using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using Cache.Core.Tiered;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;

namespace Cache.Core.Samples.Tests.Packing;

/// <summary>What is published is whole, and a project that knows nothing but the package is served by it.</summary>
public sealed class PackageTests(PackedConsumer packed, ValkeyFixture valkey) : IClassFixture<PackedConsumer>, IClassFixture<ValkeyFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Package_HoldsWhatAReaderLooksFor()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var package = await ZipFile.OpenReadAsync(Directory.GetFiles(packed.Packages, "Cache.Core.*.nupkg").Single(), limit.Token);
        var names = package.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal) { "PACKAGE.md", "package-icon.png", "ConfigurationSchema.json", "buildTransitive/Cache.Core.targets", "lib/net10.0/Cache.Core.dll", "lib/net10.0/Cache.Core.xml" },
            names);

        await using var stream = await package.GetEntry("Cache.Core.nuspec")!.OpenAsync(limit.Token);
        var metadata = (await XDocument.LoadAsync(stream, LoadOptions.None, limit.Token)).Root!.Elements().Single();
        string? Said(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal("Cache.Core", Said("id"));
        Assert.Equal("Apache-2.0", Said("license"));
        Assert.Equal("PACKAGE.md", Said("readme"));
        Assert.Equal("package-icon.png", Said("icon"));
        Assert.Matches(@"^\d+\.\d+\.\d+", Said("version"));
        Assert.All(
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency"),
            dependency => Assert.DoesNotContain("MinVer", dependency.Attribute("id")!.Value, StringComparison.Ordinal));

        await using var symbols = await ZipFile.OpenReadAsync(Directory.GetFiles(packed.Packages, "Cache.Core.*.snupkg").Single(), limit.Token);
        Assert.Contains(symbols.Entries, entry => entry.FullName == "lib/net10.0/Cache.Core.pdb");
    }

    [Fact]
    public async Task Consumer_OfThePackageAlone_SharesTheSecondTier()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        Assert.Equal(1, await first.ReadAsync());
        Assert.Equal(1, await second.ReadAsync());
    }

    /// <summary>An option that the schema leaves out is marked as a mistake in the editor of whoever sets it.</summary>
    [Fact]
    public async Task Schema_KnowsEverySetting()
    {
        await using var file = File.OpenRead(Path.Combine(Repository.Root, "Cache.Core", "ConfigurationSchema.json"));
        using var schema = await JsonDocument.ParseAsync(file);
        var described = schema.RootElement.GetProperty("properties").GetProperty("Cache").GetProperty("properties").EnumerateObject().Select(setting => setting.Name);

        Assert.Equal(TieredCacheSettings.Names.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    private async Task<Consumer> StartAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = "dotnet",
                Arguments = [packed.Program, "--urls", "http://127.0.0.1:0"],
                OutputLine = line =>
                {
                    if (line.Split("Now listening on: ") is [_, var text])
                        address.TrySetResult(new Uri(text));
                },
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings__valkey"] = valkey.ConnectionString },
            },
            limit.Token);
        return new Consumer(process, await address.Task.WaitAsync(limit.Token));
    }

    private sealed class Consumer(ChildProcess process, Uri address) : IAsyncDisposable
    {
        private readonly HttpClient _client = new() { BaseAddress = address, Timeout = Limit };

        public async Task<int> ReadAsync()
        {
            var answer = await _client.GetFromJsonAsync<JsonElement>(new Uri("/rates/EUR", UriKind.Relative));
            return answer.GetProperty("reading").GetInt32();
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await process.DisposeAsync();
        }
    }
}
