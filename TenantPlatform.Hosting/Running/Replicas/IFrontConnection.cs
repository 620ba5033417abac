namespace TenantPlatform.Hosting.Running;

/// <summary>A client's connection at the address in front of replicas. It owns the client's socket.</summary>
internal interface IFrontConnection : IDisposable
{
    /// <summary>Serves it to its end. Does not throw for what either side does.</summary>
    Task RunAsync();

    /// <summary>Ends it if it has waited for too long. Called now and then.</summary>
    void LookAfter();

    /// <summary>The front stops: ends the connection if nothing goes on.</summary>
    void EndIfIdle();

    /// <summary>Ends it, and what a replica does for it.</summary>
    void Cut();
}
