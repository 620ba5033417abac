using System.ComponentModel;
using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using TenantPlatform.TestKit;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>Nobody's change of a value shows in another's answer.</summary>
internal static class CopyCases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("What a caller adds to a list does not show in the next one's answer", async play =>
        {
            (await play.CreateAsync<List<int>>("k", [1])).Add(2);
            Assert.Equal([1], await play.CreateAsync<List<int>>("k", [3]));
            (await play.CreateAsync<List<int>>("k", [3])).Add(2);
            Assert.Equal([1], await play.CreateAsync<List<int>>("k", [3]));
        }),
        new("What a caller writes into an array does not show in the next one's answer", async play =>
        {
            (await play.CreateAsync<int[]>("k", [1]))[0] = 2;
            var next = await play.CreateAsync<int[]>("k", [3]);
            Assert.Equal(1, Assert.Single(next));
        }),
        new("What a caller sets on an object does not show in the next one's answer", async play =>
        {
            (await play.CreateAsync("k", new Person { Name = "a" })).Name = "b";
            Assert.Equal("a", (await play.CreateAsync("k", new Person { Name = "c" })).Name);
        }),
        new("What is changed after it was set does not show", async play =>
        {
            List<int> mine = [1];
            await play.Cache.SetAsync("k", mine);
            mine.Add(2);
            Assert.Equal([1], await play.CreateAsync<List<int>>("k", [3]));
        }),
        new("What a factory keeps and changes later does not show", async play =>
        {
            List<int> mine = [1];
            await play.CreateAsync("k", mine);
            mine.Add(2);
            Assert.Equal([1], await play.CreateAsync<List<int>>("k", [3]));
        }),
        new("Callers at the same time have a list each", async play =>
        {
            var gate = new Gate();
            var callers = Enumerable.Range(0, 5).Select(_ => play.Cache.GetOrCreateAsync("k", async stop =>
            {
                await gate.PassAsync(stop);
                return new List<int> { 1 };
            }).AsTask()).ToArray();
            await gate.ReachedAsync();
            gate.Open();
            var lists = await Task.WhenAll(callers);
            Assert.Equal(5, lists.Distinct(ReferenceEqualityComparer.Instance).Count());
        }),
        new("A text is not copied", async play =>
        {
            await play.CreateAsync("k", new string('a', 3));
            await SharedAsync(async () => await play.CreateAsync("k", "b"));
        }),
        new("A type that is said to be immutable is not copied", async play =>
        {
            await play.CreateAsync("k", new Said("a"));
            await SharedAsync(async () => await play.CreateAsync("k", new Said("b")));
        }),
    ];

    /// <summary>Once nothing is read from the second tier any more, two hits are one object.</summary>
    private static async Task SharedAsync(Func<Task<object>> read)
    {
        while (!ReferenceEquals(await read(), await read()))
            await Task.Delay(10);
    }

    private sealed class Person
    {
        public string Name { get; set; } = string.Empty;
    }

    [ImmutableObject(true)]
    private sealed record Said(string Name);
}
