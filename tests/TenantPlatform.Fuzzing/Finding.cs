namespace TenantPlatform.Fuzzing;

/// <summary>Something that must hold of a parser does not.</summary>
internal sealed class Finding(string message) : Exception(message)
{
    /// <summary>Throws unless it holds.</summary>
    public static void Unless(bool holds, string rule)
    {
        if (!holds)
            throw new Finding(rule);
    }
}
