namespace Aspire.Hosting.Eventing;

/// <summary>Somebody who is called back.</summary>
public class DistributedApplicationEventSubscription
{
    /// <summary>Creates it.</summary>
    public DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback) => Callback = callback;

    /// <summary>What is called.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; }
}
