namespace TenantManager.Console.Manager;

/// <summary>A primary of Valkey.</summary>
public sealed record Primary(string Address, bool IsReachable, long Keys, long UsedBytes, long? LargestBytes, long Hits, long Misses, long Evicted, long Expired);
