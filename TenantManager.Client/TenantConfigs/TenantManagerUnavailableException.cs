namespace TenantManager.Client.TenantConfigs;

/// <summary>The tenant-manager could not answer. Transient: what is cached may be served.</summary>
public sealed class TenantManagerUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened; never a part of a body.</param>
    /// <param name="isBreakerOpen">Whether the call was not even made, because the tenant-manager has been failing.</param>
    /// <param name="innerException">The cause.</param>
    public TenantManagerUnavailableException(string message, bool isBreakerOpen = false, Exception? innerException = null)
        : base(message, innerException) => IsBreakerOpen = isBreakerOpen;

    /// <summary>Whether the call was not even made, because the tenant-manager has been failing.</summary>
    public bool IsBreakerOpen { get; }
}
