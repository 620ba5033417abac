namespace TenantPlatform.FaultProxy.Links;

/// <summary>Bytes that wait to be passed on, in a buffer of the shared pool.</summary>
/// <param name="Buffer">The buffer; owned by whoever holds the chunk.</param>
/// <param name="Length">How many of its bytes count.</param>
/// <param name="ArrivedAt">The timestamp at which they arrived.</param>
/// <param name="Deviation">The chunk's own part of the jitter, from -1 to 1.</param>
internal readonly record struct Chunk(byte[] Buffer, int Length, long ArrivedAt, double Deviation);
