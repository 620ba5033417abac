namespace TenantManager.Api.CacheAdministration;

/// <summary>A key, and whether Valkey held a value of it.</summary>
internal sealed record DeletedKey(string Key, bool Deleted);
