using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Diagnostics;

namespace TenantPlatform.Observer.Tests;

/// <summary>Pods by host name that answer as a test says; any other host is reached over the network.</summary>
internal sealed class ScriptedPods : DelegatingHandler
{
    private readonly ConcurrentDictionary<(string Pod, string Tenant), TenantBasis> _answers = new();
    private readonly ConcurrentDictionary<string, byte> _refusing = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _keys = new();

    public ScriptedPods()
        : base(new SocketsHttpHandler())
    {
    }

    /// <summary>The keys that pods were shown.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    public void Answer(string pod, string tenant, string source, string? outcome, long? revision) =>
        _answers[(pod, tenant)] = new TenantBasis { Tenant = tenant, Service = "ledger", Source = source, Outcome = outcome, Revision = revision };

    public void Refuse(string pod) => _refusing[pod] = 0;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pod = request.RequestUri!.Host;
        if (pod is not ("one" or "two"))
            return await base.SendAsync(request, cancellationToken);
        _keys.Enqueue(request.Headers.GetValues(WireHeaders.ApiKey).Single());
        if (_refusing.ContainsKey(pod))
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        var tenant = request.RequestUri.Segments[^2].TrimEnd('/');
        return _answers.TryGetValue((pod, tenant), out var basis)
            ? new HttpResponseMessage { Content = JsonContent.Create(basis, mediaType: null, ContractJson.Options) }
            : throw new HttpRequestException("nobody is there");
    }
}
