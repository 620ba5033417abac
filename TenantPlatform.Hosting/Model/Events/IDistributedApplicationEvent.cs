namespace Aspire.Hosting.Eventing;

/// <summary>Something happened in the application.</summary>
public interface IDistributedApplicationEvent;
