using TenantPlatform.Fuzzing.Running;

namespace TenantPlatform.Fuzzing.Tests;

/// <summary>Every parser, with what it was written for, what has once broken it, and much that is like it. The fuzzer itself: <c>eng/fuzz</c>.</summary>
public sealed class TargetTests
{
    private const int Changed = 3000;
    private const int Seed = 17;

    public static TheoryData<string> Targets => [.. TargetList.All.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Target_Holds_OfItsCorpusAndOfEveryCrash(string name)
    {
        var corpus = Files("Corpus", name);

        Assert.NotEmpty(corpus);
        Assert.All([.. corpus, .. Files("Crashes", name)], file => BoundedRun.Of(TargetList.Find(name), File.ReadAllBytes(file)));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Target_Holds_OfWhatIsLikeThem(string name)
    {
        var target = TargetList.Find(name);
        var inputs = Files("Corpus", name).Concat(Files("Crashes", name)).Select(File.ReadAllBytes).ToList();

        Assert.All(new Mutations(inputs, Seed).Take(Changed), input => Run(target, input));
    }

    [Fact]
    public void EveryFolder_IsOfATarget() =>
        Assert.All([.. Folders("Corpus"), .. Folders("Crashes")], name => Assert.Contains(TargetList.All, target => target.Name == name));

    /// <summary>With the input, by which it can be kept and run again.</summary>
    private static void Run(FuzzTarget target, byte[] input)
    {
        try
        {
            BoundedRun.Of(target, input);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{target.Name} breaks with {Convert.ToBase64String(input)} (base64)", exception);
        }
    }

    private static IReadOnlyList<string> Files(string kind, string name) =>
        Path.Combine(AppContext.BaseDirectory, kind, name) is var folder && Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)] : [];

    private static IEnumerable<string> Folders(string kind) =>
        Path.Combine(AppContext.BaseDirectory, kind) is var folder && Directory.Exists(folder) ? Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)) : [];
}
