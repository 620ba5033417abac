using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using TenantPlatform.TestKit;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>What happens to a key while its factory runs.</summary>
internal static class RaceCases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("A removal wins against a factory that is running", play => OvertakeAsync(play, async () => await play.Cache.RemoveAsync("k"), "new")),
        new("A removal by tag wins against a factory that is running", play => OvertakeAsync(play, async () => await play.Cache.RemoveByTagAsync("red"), "new")),
        new("The removal of everything wins against a factory that is running", play => OvertakeAsync(play, async () => await play.Cache.RemoveByTagAsync("*"), "new")),
        new("What is set wins against a factory that is running", play => OvertakeAsync(play, async () => await play.Cache.SetAsync("k", "set", tags: ["red"]), "set")),
        new("Who comes after a removal is not answered by a factory from before it", async play =>
        {
            var gate = new Gate();
            var old = OldAsync(play, gate);
            await gate.ReachedAsync();
            await play.Cache.RemoveAsync("k");
            var after = play.CreateAsync("k", "new", tags: ["red"]).AsTask();

            // Whoever has joined the old one waits here in vain.
            Assert.Equal("new", await after);
            gate.Open();
            await old;
        }),
    ];

    private static async Task OvertakeAsync(Play play, Func<Task> overtake, string expected)
    {
        var gate = new Gate();
        var old = OldAsync(play, gate);
        await gate.ReachedAsync();
        await overtake();
        gate.Open();
        await old;
        Assert.Equal(expected, await play.CreateAsync("k", "new", tags: ["red"]));
    }

    private static Task<string> OldAsync(Play play, Gate gate) => play.Cache.GetOrCreateAsync("k", async stop =>
    {
        await gate.PassAsync(stop);
        return "old";
    }, tags: ["red"]).AsTask();
}
