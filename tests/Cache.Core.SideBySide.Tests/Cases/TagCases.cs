using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>What carries a tag is removed with it.</summary>
internal static class TagCases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("RemoveByTagAsync removes what carries the tag, and nothing else", async play =>
        {
            await play.CreateAsync("a", "old", tags: ["red", "blue"]);
            await play.CreateAsync("b", "old", tags: ["green"]);
            await play.CreateAsync("c", "old");
            await play.Cache.RemoveByTagAsync("red");
            Assert.Equal("new", await play.CreateAsync("a", "new", tags: ["red", "blue"]));
            Assert.Equal("old", await play.CreateAsync("b", "new", tags: ["green"]));
            Assert.Equal("old", await play.CreateAsync("c", "new"));
        }),
        new("Each of several tags removes", async play =>
        {
            await play.CreateAsync("k", "old", tags: ["red", "blue"]);
            await play.Cache.RemoveByTagAsync("blue");
            Assert.Equal("new", await play.CreateAsync("k", "new", tags: ["red", "blue"]));
        }),
        new("Several tags are removed in one call", async play =>
        {
            await play.CreateAsync("a", "old", tags: ["red"]);
            await play.CreateAsync("b", "old", tags: ["blue"]);
            await play.Cache.RemoveByTagAsync(["red", "blue"]);
            Assert.Equal("new", await play.CreateAsync("a", "new", tags: ["red"]));
            Assert.Equal("new", await play.CreateAsync("b", "new", tags: ["blue"]));
        }),
        new("What was set with a tag is removed by it", async play =>
        {
            await play.Cache.SetAsync("k", "old", tags: ["red"]);
            await play.Cache.RemoveByTagAsync("red");
            Assert.Equal("new", await play.CreateAsync("k", "new", tags: ["red"]));
        }),
        new("A reader that names no tags sees the removal", async play =>
        {
            await play.CreateAsync("k", "old", tags: ["red", "blue"]);
            await play.Cache.RemoveByTagAsync("red");
            Assert.Equal("new", await play.CreateAsync("k", "new"));
        }),
        new("What is created after a removal stays", async play =>
        {
            await play.Cache.RemoveByTagAsync("red");
            await play.CreateAsync("k", "a", tags: ["red"]);
            Assert.Equal("a", await play.CreateAsync("k", "b", tags: ["red"]));
        }),
        new("* removes everything", async play =>
        {
            await play.CreateAsync("a", "old");
            await play.CreateAsync("b", "old", tags: ["red"]);
            await play.Cache.SetAsync("c", "old");
            await play.Cache.RemoveByTagAsync("*");
            Assert.Equal("new", await play.CreateAsync("a", "new"));
            Assert.Equal("new", await play.CreateAsync("b", "new", tags: ["red"]));
            Assert.Equal("new", await play.CreateAsync("c", "new"));
        }),
        new("No tags, and tags that nothing carries, can be removed", async play =>
        {
            await play.CreateAsync("k", "a", tags: ["red"]);
            await play.Cache.RemoveByTagAsync((IEnumerable<string>)null!);
            await play.Cache.RemoveByTagAsync([]);
            await play.Cache.RemoveByTagAsync(string.Empty);
            await play.Cache.RemoveByTagAsync("unknown");
            Assert.Equal("a", await play.CreateAsync("k", "b", tags: ["red"]));
        }),
        new("An empty tag on a value is an error of the caller's", async play =>
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await play.CreateAsync("k", "a", tags: [string.Empty]))),
        new("A tag that is a key's name removes no key", async play =>
        {
            await play.CreateAsync("k", "a");
            await play.Cache.RemoveByTagAsync("k");
            Assert.Equal("a", await play.CreateAsync("k", "b"));
        }),
    ];
}
