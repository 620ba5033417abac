using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>Collects what a resource is given when it starts.</summary>
internal sealed class ResourceValues(DistributedApplicationExecutionContext execution)
{
    public async Task<Dictionary<string, string?>> EnvironmentAsync(IResource resource, Replica replica, CancellationToken cancellationToken)
    {
        Replica.Current = replica;
        var context = new EnvironmentCallbackContext(execution, resource, environmentVariables: null, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);

        // What configures this process is none of the resource's business.
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_URLS"] = null, ["HTTP_PORTS"] = null };
        foreach (var (name, value) in context.EnvironmentVariables)
            environment[name] = await TextAsync(value, cancellationToken);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.PortVariable is not null))
            environment[endpoint.PortVariable!] = replica.PortOf(endpoint).ToString(CultureInfo.InvariantCulture);
        return environment;
    }

    public static async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await annotation.Callback(context);
        var arguments = new List<string>();
        foreach (var value in context.Args)
            arguments.Add(await TextAsync(value, cancellationToken) ?? string.Empty);
        return arguments;
    }

    private static async ValueTask<string?> TextAsync(object? value, CancellationToken cancellationToken) => value switch
    {
        null => null,
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
