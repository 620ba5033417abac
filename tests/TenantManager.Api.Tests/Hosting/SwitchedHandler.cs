namespace TenantManager.Api.Tests.Hosting;

/// <summary>The way of a service to the tenant-manager, which can be away.</summary>
internal sealed class SwitchedHandler(HttpMessageHandler manager) : DelegatingHandler(manager)
{
    private int _calls;

    public bool IsAway { get; set; }

    /// <summary>How many calls came, whether they were answered or not.</summary>
    public int Calls => Volatile.Read(ref _calls);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return IsAway ? Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError)) : base.SendAsync(request, cancellationToken);
    }
}
