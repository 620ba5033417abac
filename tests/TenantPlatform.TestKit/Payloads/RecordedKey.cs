namespace TenantPlatform.TestKit;

/// <summary>A key of a <see cref="RecordedPayload"/>.</summary>
/// <param name="Key">The key as it was stored.</param>
/// <param name="Bytes">Its value; empty of a hash.</param>
/// <param name="Fields">The fields of a hash; null of a string.</param>
public sealed record RecordedKey(string Key, byte[] Bytes, IReadOnlyDictionary<string, string>? Fields);
