using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Diagnostics;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests;

/// <summary>Pods by host name that answer as a test says; any other host is reached over the network.</summary>
internal sealed class ScriptedPods : DelegatingHandler
{
    private readonly ConcurrentDictionary<(string Pod, string Tenant), TenantBasis> _answers = new();
    private readonly ConcurrentDictionary<string, byte> _refusing = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _keys = new();
    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _now = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _most = new(StringComparer.Ordinal);

    public ScriptedPods()
        : base(new SocketsHttpHandler())
    {
    }

    /// <summary>The keys that pods were shown.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    public void Answer(string pod, string tenant, string source, string? outcome, long? revision) =>
        _answers[(pod, tenant)] = new TenantBasis { Tenant = tenant, Service = "ledger", Source = source, Outcome = outcome, Revision = revision };

    public void Refuse(string pod) => _refusing[pod] = 0;

    /// <summary>Questions to the pod wait from now on until the gate is opened.</summary>
    public Gate Hold(string pod) => _gates[pod] = new Gate();

    /// <summary>How many questions the pod had to answer at a time at most.</summary>
    public int MostAtOnce(string pod) => _most.GetValueOrDefault(pod);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pod = request.RequestUri!.Host;
        if (pod is not ("one" or "two"))
            return await base.SendAsync(request, cancellationToken);
        _keys.Enqueue(request.Headers.GetValues(WireHeaders.ApiKey).Single());
        var now = _now.AddOrUpdate(pod, 1, static (_, count) => count + 1);
        _most.AddOrUpdate(pod, now, (_, most) => Math.Max(most, now));
        try
        {
            if (_gates.TryGetValue(pod, out var gate))
                await gate.PassAsync(cancellationToken);
            return Answer(pod, request);
        }
        finally
        {
            _now.AddOrUpdate(pod, 0, static (_, count) => count - 1);
        }
    }

    private HttpResponseMessage Answer(string pod, HttpRequestMessage request)
    {
        if (_refusing.ContainsKey(pod))
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        var tenant = request.RequestUri!.Segments[^2].TrimEnd('/');
        return _answers.TryGetValue((pod, tenant), out var basis)
            ? new HttpResponseMessage { Content = JsonContent.Create(basis, mediaType: null, ContractJson.Options) }
            : throw new HttpRequestException("nobody is there");
    }
}
