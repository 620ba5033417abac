using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Samples.Tests.Packing;

/// <summary>What is published is whole, and a project that knows nothing but the package is served by it.</summary>
public sealed class PackageTests(PackedConsumer packed, ValkeyFixture valkey) : IClassFixture<PackedConsumer>, IClassFixture<ValkeyFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("Cache.Core")]
    [InlineData("Cache.Core.AspNetCore")]
    public async Task Package_HoldsWhatAReaderLooksFor(string id)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var package = await OpenAsync(id, "nupkg", limit.Token);
        var names = package.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "PACKAGE.md", "package-icon.png", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml" }, names);

        var metadata = await MetadataAsync(package, id, limit.Token);
        string? Said(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal(id, Said("id"));
        Assert.Equal(packed.Version, Said("version"));
        Assert.Equal("Apache-2.0", Said("license"));
        Assert.Equal("PACKAGE.md", Said("readme"));
        Assert.Equal("package-icon.png", Said("icon"));
        Assert.NotEmpty(Said("description")!);
        Assert.NotEmpty(Said("tags")!);

        await using var symbols = await OpenAsync(id, "snupkg", limit.Token);
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{id}.pdb");
    }

    [Fact]
    public async Task CacheCore_BringsTheSchemaOfItsSettings()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var package = await OpenAsync("Cache.Core", "nupkg", limit.Token);

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal) { "ConfigurationSchema.json", "buildTransitive/Cache.Core.targets" },
            package.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>What builds a package is none of its users' business; and internals of another version are not those that were built with.</summary>
    [Theory]
    [InlineData("Cache.Core", "Polly.Core", "StackExchange.Redis")]
    [InlineData("Cache.Core.AspNetCore", "Cache.Core")]
    public async Task Package_DependsOnWhatItUses_AndOnItsSiblingsVeryVersion(string id, params string[] expected)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var package = await OpenAsync(id, "nupkg", limit.Token);
        var dependencies = (await MetadataAsync(package, id, limit.Token)).Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(dependency => dependency.Attribute("id")!.Value, dependency => dependency.Attribute("version")!.Value, StringComparer.Ordinal);

        Assert.Equal(expected, dependencies.Keys.Order(StringComparer.Ordinal));
        if (dependencies.TryGetValue("Cache.Core", out var version))
            Assert.Equal($"[{packed.Version}]", version);
    }

    [Theory]
    [InlineData("rates")]
    [InlineData("pages")]
    public async Task Consumer_OfThePackagesAlone_SharesTheSecondTier(string kind)
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        Assert.Equal(1, await first.ReadAsync(kind, "EUR"));
        Assert.Equal(1, await first.ReadAsync(kind, "EUR"));
        Assert.Equal(2, await first.ReadAsync(kind, "CHF"));
        Assert.Equal(2, await second.ReadAsync(kind, "CHF"));
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

    private Task<ZipArchive> OpenAsync(string id, string extension, CancellationToken stop) =>
        ZipFile.OpenReadAsync(Path.Combine(packed.Packages, $"{id}.{packed.Version}.{extension}"), stop);

    private static async Task<XElement> MetadataAsync(ZipArchive package, string id, CancellationToken stop)
    {
        await using var stream = await package.GetEntry($"{id}.nuspec")!.OpenAsync(stop);
        return (await XDocument.LoadAsync(stream, LoadOptions.None, stop)).Root!.Elements().Single();
    }

    private Task<RunningConsumer> StartAsync() => RunningConsumer.StartAsync(packed.Program, valkey.ConnectionString, Limit);
}
