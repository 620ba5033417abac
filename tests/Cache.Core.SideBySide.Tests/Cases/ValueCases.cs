using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>What kinds of values can be kept.</summary>
internal static class ValueCases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("Null is a value, and is created once", async play =>
        {
            Assert.Null(await play.CreateAsync<string?>("k", null));
            Assert.Null(await play.CreateAsync<string?>("k", "b"));
            Assert.Equal(1, play.Created);
        }),
        new("Zero, false and the empty text are values", async play =>
        {
            for (var n = 0; n < 2; n++)
            {
                Assert.Equal(0, await play.CreateAsync("int", 0));
                Assert.False(await play.CreateAsync("bool", false));
                Assert.Equal(string.Empty, await play.CreateAsync("text", string.Empty));
                Assert.Empty(await play.CreateAsync("bytes", Array.Empty<byte>()));
            }

            Assert.Equal(4, play.Created);
        }),
        new("Numbers, dates and identifiers come back as they were", async play =>
        {
            var (id, at) = (Guid.NewGuid(), DateTimeOffset.UtcNow);
            for (var n = 0; n < 2; n++)
            {
                Assert.Equal(id, await play.CreateAsync("id", id));
                Assert.Equal(at, await play.CreateAsync("at", at));
                Assert.Equal(1.10m, await play.CreateAsync("decimal", 1.10m));
                Assert.Equal(double.Epsilon, await play.CreateAsync("double", double.Epsilon));
                Assert.Equal(DayOfWeek.Friday, await play.CreateAsync("enum", DayOfWeek.Friday));
                Assert.Equal(7, await play.CreateAsync<int?>("nullable", 7));
            }
        }),
        new("A tuple comes back as it was", async play =>
        {
            for (var n = 0; n < 2; n++)
                Assert.Equal(("a", 1), await play.CreateAsync("k", ("a", 1)));
        }),
        new("Bytes come back as they were", async play =>
        {
            for (var n = 0; n < 2; n++)
                Assert.Equal([0, 255, 1], await play.CreateAsync<byte[]>("k", [0, 255, 1]));
        }),
        new("Records, lists and dictionaries come back as they were", async play =>
        {
            for (var n = 0; n < 2; n++)
            {
                Assert.Equal(new Price("EUR", 1.5m), await play.CreateAsync("record", new Price("EUR", 1.5m)));
                Assert.Equal([1, 2], await play.CreateAsync<List<int>>("list", [1, 2]));
                Assert.Equal(1, (await play.CreateAsync("map", new Dictionary<string, int> { ["a"] = 1 }))["a"]);
            }
        }),
        new("A key that holds a number is not answered as a text", async play =>
        {
            await play.CreateAsync("k", 1);
            Assert.Equal("made", await play.CreateAsync("k", "made"));
        }),
        new("A key that holds a text is not answered as a number", async play =>
        {
            await play.CreateAsync("k", "1");
            Assert.Equal(2, await play.CreateAsync("k", 2));
        }),
        new("A value of two megabytes is answered", async play =>
        {
            var large = new string('v', 2 * 1024 * 1024);
            Assert.Equal(large, await play.CreateAsync("k", large));
            Assert.Equal(large.Length, (await play.CreateAsync("k", large)).Length);
        }),
        new("A list of two megabytes is each caller's own", async play =>
        {
            var large = Enumerable.Repeat(1_000_000, 300_000).ToList();
            (await play.CreateAsync("k", large)).Clear();
            Assert.Equal(300_000, (await play.CreateAsync("k", Enumerable.Repeat(1_000_000, 300_000).ToList())).Count);
        }),
    ];

    private sealed record Price(string Currency, decimal Value);
}
