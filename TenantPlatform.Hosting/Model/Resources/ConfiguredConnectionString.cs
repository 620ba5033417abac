using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Model;

/// <summary>A connection string from configuration: <c>ConnectionStrings:name</c>. A secret.</summary>
internal sealed class ConfiguredConnectionString(string name, Func<ParameterDefault?, string> find, string? variable)
    : ParameterResource(name, find, secret: true), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{(ParameterResource)this}");

    public string? ConnectionStringEnvironmentVariable => variable;

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IResourceWithConnectionString.GetConnectionStringAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);
}
