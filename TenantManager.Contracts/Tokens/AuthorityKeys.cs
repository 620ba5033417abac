using System.Net.Sockets;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace TenantManager.Contracts.Tokens;

/// <summary>The keys that an OpenID Connect authority publishes, looked up when first needed and again from time to time.</summary>
internal sealed class AuthorityKeys
{
    /// <summary>Also how long a key that the authority has withdrawn may still be trusted.</summary>
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(10);

    /// <summary>However many tokens name keys that nobody knows.</summary>
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const int LargestAnswer = 1024 * 1024;

    private readonly ConfigurationManager<OpenIdConnectConfiguration> _manager;
    private readonly string? _issuer;
    private Snapshot? _known;

    /// <param name="authority">Its address, below which its metadata are found.</param>
    /// <param name="issuer">The issuer of its tokens; null: the one that its metadata name.</param>
    /// <param name="time">The clock.</param>
    public AuthorityKeys(Uri authority, string? issuer, TimeProvider time)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        var documents = new HttpDocumentRetriever(http) { RequireHttps = authority.Scheme == Uri.UriSchemeHttps };
        var metadata = $"{authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration";
        _issuer = issuer;
        _manager = new ConfigurationManager<OpenIdConnectConfiguration>(metadata, new RestingRetriever(time), documents)
        {
            AutomaticRefreshInterval = RefreshEvery,
            RefreshInterval = AtMostEvery,
        };
    }

    /// <summary>The keys as last known; null: not yet.</summary>
    public TrustedKeys? Known => _known?.Keys;

    /// <summary>The keys, or why they are not known yet.</summary>
    public async ValueTask<(TrustedKeys? Keys, string? Failure)> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            var configuration = await _manager.GetConfigurationAsync(cancellationToken).ConfigureAwait(false);
            var known = _known;
            if (known?.Source != configuration)
                _known = known = new Snapshot(configuration, new TrustedKeys(TrustedKey.OfPublished(configuration.JsonWebKeySet), _issuer ?? configuration.Issuer ?? string.Empty));
            return (known.Keys, null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"the keys of the authority {_manager.MetadataAddress} are not known yet ({Describe(exception.GetBaseException())})");
        }
    }

    /// <summary>Looks the keys up again, in the background and not too often: a token names one that is not known.</summary>
    public void Renew() => _manager.RequestRefresh();

    private static string Describe(Exception exception) => exception switch
    {
        SocketException failed => failed.SocketErrorCode.ToString(),
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } failed => failed.HttpRequestError.ToString(),
        OperationCanceledException => "no answer in time",
        _ => exception.GetType().Name,
    };

    private sealed record Snapshot(OpenIdConnectConfiguration Source, TrustedKeys Keys);

    /// <summary>Gives an authority that failed a rest: until the first keys are there, every request would ask it, one after another.</summary>
    private sealed class RestingRetriever(TimeProvider time) : IConfigurationRetriever<OpenIdConnectConfiguration>
    {
        private volatile Failure? _failed;

        public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
        {
            if (_failed is { } failed && time.GetElapsedTime(failed.At) < Patience)
                throw new InvalidOperationException("The authority has failed a moment ago.", failed.Cause);
            try
            {
                return await OpenIdConnectConfigurationRetriever.GetAsync(address, retriever, cancel).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                _failed = new Failure(exception, time.GetTimestamp());
                throw;
            }
        }

        private sealed record Failure(Exception Cause, long At);
    }
}
