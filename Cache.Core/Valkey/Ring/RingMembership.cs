using Cache.Core.Membership;

namespace Cache.Core.Valkey.Ring;

/// <summary><see cref="IMembership"/> over the ring: on every node, so that nobody is missing when one is lost. There are few members.</summary>
internal sealed class RingMembership(RingNodes nodes) : IMembership
{
    public async ValueTask AnnounceAsync(string group, string name, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        await OnAllAsync(
            async member =>
            {
                await member.AnnounceAsync(group, name, value, timeToLive, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask WithdrawAsync(string group, string name, CancellationToken cancellationToken = default) => await OnAllAsync(
        async member =>
        {
            await member.WithdrawAsync(group, name, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<Member>> ReadAsync(string group, CancellationToken cancellationToken = default) =>
        [.. (await OnAllAsync(member => member.ReadAsync(group, cancellationToken), cancellationToken).ConfigureAwait(false))
            .SelectMany(static members => members).DistinctBy(static member => member.Name, StringComparer.Ordinal).OrderBy(static member => member.Name, StringComparer.Ordinal)];

    /// <summary>Asks all nodes that are used; those that do not answer are left out.</summary>
    /// <exception cref="CacheUnavailableException">None answers.</exception>
    private async Task<IReadOnlyList<T>> OnAllAsync<T>(Func<IMembership, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        await nodes.UsedAsync(cancellationToken).ConfigureAwait(false);
        CacheUnavailableException? failure = null;
        var answers = await Task.WhenAll(nodes.Used.Select(async member =>
        {
            try
            {
                return (IsThere: true, Answer: await ask(member.Membership).ConfigureAwait(false));
            }
            catch (CacheUnavailableException exception)
            {
                failure = exception;
                return default;
            }
        })).ConfigureAwait(false);
        IReadOnlyList<T> there = [.. answers.Where(static answer => answer.IsThere).Select(static answer => answer.Answer)];
        return there.Count > 0 ? there : throw failure ?? new CacheUnavailableException("No node of the ring answers.");
    }
}
