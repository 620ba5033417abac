using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Api;

/// <summary>The public surface is written down in docs/cache-core-api.txt: whoever changes it changes that file with it, and sees what users will see.</summary>
public sealed class PublicSurfaceTests
{
    /// <summary>Set to 1, the test writes the file instead of comparing it.</summary>
    private const string Update = "UPDATE_PUBLIC_API";

    [Fact]
    public void PublicSurface_IsWhatIsWrittenDown()
    {
        var path = Path.Combine(Repository.Root, "docs/cache-core-api.txt");
        var present = PublicSurface.Of(typeof(TieredCache).Assembly);
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(path, present);

        var written = File.Exists(path) ? File.ReadAllLines(path) : [];
        var lines = present.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(
            lines.SequenceEqual(written, StringComparer.Ordinal),
            $"The public surface of Cache.Core has changed. If that is meant: {Update}=1 dotnet test tests/Cache.Core.Tests --filter PublicSurface, and commit docs/cache-core-api.txt.\n"
            + string.Join('\n', lines.Except(written, StringComparer.Ordinal).Select(line => $"+ {line}").Concat(written.Except(lines, StringComparer.Ordinal).Select(line => $"- {line}"))));
    }

    [Fact]
    public void PublicSurface_HoldsNoTypeOfTheClientLibrary() =>
        Assert.DoesNotContain("Redis", PublicSurface.Of(typeof(TieredCache).Assembly), StringComparison.Ordinal);
}
