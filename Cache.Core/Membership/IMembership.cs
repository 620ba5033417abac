namespace Cache.Core.Membership;

/// <summary>
/// Who is there, in Valkey: each member says so again and again under a key of its own, which ends by itself when it is silent.
/// For showing, not for deciding: a member that Valkey does not hear is not in the list, and may be well.
/// </summary>
/// <remarks>
/// <para>A member's key is <c>GROUP:NAME</c>. The group has an index, <c>GROUP:~index</c>, a hash of names: nobody walks over all keys to
/// read it. Saying it again is one SET, which tells whether the key was gone meanwhile; the index is written only then, and once a
/// minute.</para>
/// <para>Safe for concurrent use. All throw <see cref="Valkey.CacheUnavailableException"/> when Valkey cannot answer.</para>
/// </remarks>
public interface IMembership
{
    /// <summary>Says that a member is there.</summary>
    /// <param name="group">The group, which is the keys' prefix: one that no cache keeps in L1, or every word of it is a push to all processes.</param>
    /// <param name="name">The member's name, unique in the group.</param>
    /// <param name="value">What it says of itself.</param>
    /// <param name="timeToLive">For how long, unless it says so again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask AnnounceAsync(string group, string name, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>Says that a member is not there any more.</summary>
    ValueTask WithdrawAsync(string group, string name, CancellationToken cancellationToken = default);

    /// <summary>Who is there, by name; all are asked for at once.</summary>
    ValueTask<IReadOnlyList<Member>> ReadAsync(string group, CancellationToken cancellationToken = default);
}
