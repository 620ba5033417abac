namespace TenantManager.Console.Manager;

/// <summary>A key, and whether Valkey held a value of it.</summary>
public sealed record DeletedKey(string Key, bool Deleted);
