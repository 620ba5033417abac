namespace Cache.Core.Coherence;

/// <summary>A prefix of keys that some cache of this process keeps in L1. Registered as a service, one per cache, before the channel opens.</summary>
/// <param name="Value">The prefix; empty for every key.</param>
internal sealed record CoherencePrefix(string Value);
