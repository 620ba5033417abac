using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using TenantPlatform.TestKit;

namespace Cache.Core.SideBySide.Tests;

/// <summary>Ours holds every case; where another library does not, it says so beside the case, and that is checked too.</summary>
public sealed class SideBySideTests(Results results) : IClassFixture<Results>
{
    private const string Update = "UPDATE_SIDE_BY_SIDE";

    public static TheoryData<Library, Condition, string> Rows
    {
        get
        {
            var rows = new TheoryData<Library, Condition, string>();
            foreach (var (library, condition, one) in Matrix.Rows)
                rows.Add(library, condition, one.Name);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Case_HoldsOrFailsAsWritten(Library library, Condition condition, string name)
    {
        var one = Matrix.Cases.Single(one => one.Name == name);

        var outcome = await results.OfAsync(library, condition, one);

        var known = one.FailureOf(library, condition);

        // How long others wait for a server that does not answer, and what they take for a miss meanwhile, depends on the moment.
        if (known is null && library != Library.CacheCore && condition is (Condition.Away or Condition.Connecting))
            return;
        if (known is null)
            Assert.True(outcome is null, $"{library}, {condition}: '{name}' does not hold. {outcome}");
        else if (!known.IsSometimes)
            Assert.True(outcome is not null, $"{library}, {condition}: '{name}' holds, and it is written that it does not ({known.Reason}). Take that out.");
    }

    [Fact]
    public void KnownFailures_AreOthers_AndOfCasesThatThereAre()
    {
        Assert.DoesNotContain(Matrix.Cases, one => one.Failures.Any(failure => failure.Library == Library.CacheCore));
        Assert.Empty(KnownFailures.Names.Except(Matrix.Cases.Select(one => one.Name), StringComparer.Ordinal));
        Assert.Equal(Matrix.Cases.Count, Matrix.Cases.Select(one => one.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Table_IsWhatIsWrittenDown()
    {
        var path = Path.Combine(Repository.Root, "docs/side-by-side.md");
        var table = MarkdownTable.Of();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(path, table);

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == table,
            $"docs/side-by-side.md is not what the cases say: {Update}=1 dotnet test tests/Cache.Core.SideBySide.Tests --filter Table, and commit it.");
    }
}
