namespace Aspire.Hosting.ApplicationModel;

/// <summary>How states are shown.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>All is well.</summary>
    public static readonly string Success = "success";

    /// <summary>Something is wrong.</summary>
    public static readonly string Error = "error";

    /// <summary>Something goes on.</summary>
    public static readonly string Info = "info";

    /// <summary>Something needs a look.</summary>
    public static readonly string Warn = "warn";
}
