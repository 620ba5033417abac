namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's description in the hands of a test, which may change it before it is built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable
{
    /// <summary>Ends describing.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
