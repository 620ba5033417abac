using TenantPlatform.FaultRuns.Faults;
using TenantPlatform.FaultRuns.Versions;

namespace TenantPlatform.FaultRuns.Tests.Versions;

/// <summary>Which pods are of which version, and when they change it.</summary>
public sealed class VersionOrderTests
{
    private static readonly string[] Pods = ["a", "b", "c"];
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mixed_HasPodsOfBothVersions_WhateverTheSeed(int seed) =>
        Assert.Equal(2, Enumerable.Range(0, Pods.Length).Select(pod => Named("mixed").First(pod, seed)).Distinct().Count());

    [Theory]
    [InlineData("upgrade", "Other", "Present")]
    [InlineData("downgrade", "Present", "Other")]
    public void Change_BeginsWithOneVersion_AndEndsWithTheOther(string order, string first, string last)
    {
        Assert.All(Enumerable.Range(0, Pods.Length), pod => Assert.Equal(first, $"{Named(order).First(pod, 1)}"));
        Assert.Equal(last, $"{Named(order).Last}");
    }

    [Theory]
    [InlineData("mixed", 0)]
    [InlineData("upgrade", 3)]
    [InlineData("downgrade", 3)]
    public void Schedule_ChangesEveryPodOnce_AmongAllItsFaults(string order, int changes)
    {
        var directory = Directory.CreateTempSubdirectory("other-version-");
        try
        {
            var faults = Schedule.Of(1, Length, Pods, FaultCatalog.All);
            using var programs = new PodPrograms(Built(directory.FullName), Built(directory.FullName), Pods);

            var planned = Named(order).Among(faults, programs, Pods, Length);

            Assert.Equal(faults.Count + changes, planned.Count);
            Assert.All(faults, fault => Assert.Contains(fault, planned));
            Assert.Equal(planned.OrderBy(one => one.Start), planned);
            Assert.Equal(changes, planned.Where(one => one.Fault.Name == Named(order).FaultName).Select(one => one.Pod).Distinct().Count());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Program_OfAPod_IsThatOfTheVersionChosen()
    {
        var directory = Directory.CreateTempSubdirectory("other-version-");
        try
        {
            var (present, other) = (Built(Path.Combine(directory.FullName, "present")), Built(Path.Combine(directory.FullName, "other")));
            using var programs = new PodPrograms(present, other, Pods);

            Assert.StartsWith(present, Target(programs, "a"), StringComparison.Ordinal);
            programs.Choose("a", PodVersion.Other);

            Assert.StartsWith(other, Target(programs, "a"), StringComparison.Ordinal);
            Assert.StartsWith(present, Target(programs, "b"), StringComparison.Ordinal);
            Assert.Equal((PodVersion.Other, PodVersion.Present), (programs.Of("a"), programs.Of("b")));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void OtherVersion_ThatIsNotBuilt_IsRefused_SayingHow()
    {
        var refused = Assert.Throws<FileNotFoundException>(() => new PodPrograms(Path.GetTempPath(), Path.GetTempPath(), Pods));

        Assert.Contains("dotnet build Ledger.Api -c Release", refused.Message, StringComparison.Ordinal);
    }

    private static VersionOrder Named(string name) => VersionOrder.All.Single(order => order.Name == name);

    private static string Target(PodPrograms programs, string pod) => File.ResolveLinkTarget(programs.Programs[pod].Command, returnFinalTarget: true)!.FullName;

    /// <summary>A checkout in which the ledger has been built, as far as anybody looks.</summary>
    private static string Built(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "Ledger.Api"));
        Directory.CreateDirectory(Path.Combine(root, "artifacts", "bin", "Ledger.Api", "release"));
        File.WriteAllText(Path.Combine(root, "artifacts", "bin", "Ledger.Api", "release", "Ledger.Api"), string.Empty);
        return root;
    }
}
