namespace TenantPlatform.Testbed;

/// <summary>Something the platform had to do and did not.</summary>
public sealed class PlatformException(string message) : Exception(message)
{
    /// <summary>Throws unless the condition holds.</summary>
    public static void ThrowUnless(bool condition, string message)
    {
        if (!condition)
            throw new PlatformException(message);
    }
}
