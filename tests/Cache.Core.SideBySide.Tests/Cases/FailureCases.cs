using Cache.Core.SideBySide.Tests.Stage;
using Cache.Core.SideBySide.Tests.Table;
using Microsoft.Extensions.Caching.Hybrid;
using TenantPlatform.TestKit;

namespace Cache.Core.SideBySide.Tests.Cases;

/// <summary>Factories that throw, and values that cannot be written.</summary>
internal static class FailureCases
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("A factory's exception is its caller's", async play =>
        {
            var failure = await Assert.ThrowsAsync<InvalidDataException>(() => play.Cache.GetOrCreateAsync<string>("k", _ => throw new InvalidDataException("mine")).AsTask());
            Assert.Equal("mine", failure.Message);
        }),
        new("A factory's failure is not cached", async play =>
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => play.Cache.GetOrCreateAsync<string>("k", async _ =>
            {
                await Task.Yield();
                throw new InvalidDataException("mine");
            }).AsTask());
            Assert.Equal("a", await play.CreateAsync("k", "a"));
        }),
        new("A factory that throws runs once for five callers at the same time", async play =>
        {
            var gate = new Gate();
            var callers = Enumerable.Range(0, 5).Select(_ => play.Cache.GetOrCreateAsync<string>("k", async stop =>
            {
                play.Made(0);
                await gate.PassAsync(stop);
                throw new InvalidDataException("mine");
            }).AsTask()).ToArray();
            await gate.ReachedAsync();
            gate.Open();
            foreach (var caller in callers)
                await Assert.ThrowsAsync<InvalidDataException>(() => caller);
            Assert.Equal(1, play.Created);
        }),
        new("A factory that fails when the value has expired is heard: nothing expired is answered instead", async play =>
        {
            var shortly = new HybridCacheEntryOptions { Expiration = TimeSpan.FromMilliseconds(50) };
            await play.CreateAsync("k", "old", shortly);
            await Assert.ThrowsAsync<KeyNotFoundException>(async () =>
            {
                // Until then it may still be a hit.
                while (true)
                {
                    Assert.Equal("old", await play.Cache.GetOrCreateAsync<string>("k", _ => throw new KeyNotFoundException("deleted"), shortly));
                    await Task.Delay(10);
                }
            });
        }),
        new("A value whose objects go round is answered, since its factory has succeeded", async play =>
        {
            var circle = await play.CreateAsync("k", Node.Circle());
            Assert.Same(circle, circle.Next);
        }),
        new("To set a value whose objects go round is no error, and what was there does not stay", async play =>
        {
            await play.Cache.SetAsync("k", new Node { Name = "old" });
            await play.Cache.SetAsync("k", Node.Circle());
            Assert.NotEqual("old", (await play.CreateAsync("k", new Node { Name = "new" })).Name);
        }),
    ];

    private sealed class Node
    {
        public string Name { get; set; } = string.Empty;

        public Node? Next { get; set; }

        public static Node Circle()
        {
            var node = new Node { Name = "circle" };
            node.Next = node;
            return node;
        }
    }
}
