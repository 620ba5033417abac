using System.Threading.Channels;
using Cache.Core;
using Cache.Core.Valkey;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>A Valkey that answers when, and what, the test says, where a tenant's event is published; whatever else is published, nobody hears.</summary>
internal sealed class GatedPubSub : IPubSub
{
    private readonly Channel<TaskCompletionSource<long>> _asked = Channel.CreateUnbounded<TaskCompletionSource<long>>();

    public event Action? Restored;

    /// <summary>The next attempt to publish, to be answered by the test.</summary>
    public async Task<TaskCompletionSource<long>> NextAsync() => await _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public void ComeBack() => Restored?.Invoke();

    public ValueTask<long> PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        if (!channel.StartsWith("tenant-events:", StringComparison.Ordinal))
            return new(0);
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(_asked.Writer.TryWrite(answer));
        return new(answer.Task.WaitAsync(cancellationToken));
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Func<ReadOnlyMemory<byte>, ValueTask> handler, CancellationToken cancellationToken = default) =>
        throw new CacheUnavailableException("Nobody subscribes here.");
}
