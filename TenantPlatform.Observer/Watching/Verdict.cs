namespace TenantPlatform.Observer.Watching;

/// <summary>What an answer is worth.</summary>
internal enum Verdict
{
    /// <summary>It agrees with the tenant-manager, or would ask it.</summary>
    Fresh,

    /// <summary>It would serve a tenant that is not to be served.</summary>
    Revoked,

    /// <summary>It would serve on a configuration that has changed.</summary>
    Outdated,

    /// <summary>It would refuse a tenant that is to be served.</summary>
    Refusing,

    /// <summary>It did not answer.</summary>
    Away,

    /// <summary>It does not tell: the key is wrong, or it has none.</summary>
    Untold,

    /// <summary>What it holds cannot be read, so nobody is served on it.</summary>
    Unreadable,
}
