namespace Cache.Core.Fencing;

/// <summary>Generations and lease owners: unique, so that one of a fence that Valkey has lost never matches a later one.</summary>
internal static class FenceToken
{
    public static string New() => Guid.NewGuid().ToString("N");
}
