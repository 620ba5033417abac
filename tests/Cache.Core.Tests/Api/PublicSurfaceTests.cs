using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Api;

/// <summary>What the public surface, which the build keeps to Cache.Core/PublicAPI.*.txt, must not hold.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void PublicSurface_HoldsNoTypeOfTheClientLibrary()
    {
        string[] members = [.. Directory.GetFiles(Path.Combine(Repository.Root, "Cache.Core"), "PublicAPI.*.txt").SelectMany(File.ReadLines)];
        var bases = typeof(TieredCache).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetInterfaces().Append(type.BaseType))
            .Select(type => type?.FullName ?? string.Empty);

        Assert.Contains(members, line => line.StartsWith("Cache.Core.Tiered.TieredCache.", StringComparison.Ordinal));
        Assert.DoesNotContain(members.Concat(bases), line => line.Contains("Redis", StringComparison.Ordinal));
    }
}
