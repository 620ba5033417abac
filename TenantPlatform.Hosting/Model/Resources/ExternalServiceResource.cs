using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A service that runs elsewhere.</summary>
public sealed class ExternalServiceResource : Resource
{
    /// <summary>A service at a fixed address.</summary>
    /// <exception cref="ArgumentException">The address is not the absolute root of an HTTP server.</exception>
    public ExternalServiceResource(string name, Uri uri)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (Fault(uri) is { } fault)
            throw new ArgumentException($"The address '{uri}' of the external service '{name}' {fault}.", nameof(uri));
        Uri = uri;
    }

    /// <summary>A service at an address that a parameter tells.</summary>
    public ExternalServiceResource(string name, ParameterResource urlParameter)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(urlParameter);
        UrlParameter = urlParameter;
    }

    /// <summary>Its address; null: <see cref="UrlParameter"/> tells.</summary>
    public Uri? Uri { get; }

    /// <summary>The parameter that tells its address; null: it is <see cref="Uri"/>.</summary>
    public ParameterResource? UrlParameter { get; }

    internal async ValueTask<Uri> AddressAsync(CancellationToken cancellationToken)
    {
        if (Uri is not null)
            return Uri;
        var text = await UrlParameter!.GetValueAsync(cancellationToken);
        var fault = Uri.TryCreate(text, UriKind.Absolute, out var uri) ? Fault(uri) : "is not an absolute address";
        return fault is null ? uri! : throw new DistributedApplicationException($"The parameter '{UrlParameter.Name}', the address of the external service '{Name}', {fault}.");
    }

    private static string? Fault(Uri uri) => uri switch
    {
        { IsAbsoluteUri: false } => "is not absolute",
        { Scheme: not ("http" or "https") } => "is not an HTTP address",
        { PathAndQuery: not "/" } => "must have the path '/' and no query",
        _ => null,
    };
}
