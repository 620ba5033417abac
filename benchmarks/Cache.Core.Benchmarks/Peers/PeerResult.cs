using Cache.Core.Benchmarks.Ratios;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>How a peer did in a row.</summary>
internal sealed record PeerResult(string Name, Comparison Measured);
