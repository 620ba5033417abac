using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>
/// Finds whom a resource uses, by what its variables and arguments are made of. No value is resolved: expressions stay
/// expressions, so secrets are not even known here. Safe for concurrent use.
/// </summary>
internal sealed class ResourceRelations(DistributedApplicationExecutionContext execution)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<IResource, Task<Wiring>> _known = new();

    /// <summary>What a resource is wired with; found out once.</summary>
    public Task<Wiring> OfAsync(IResource resource) => _known.GetOrAdd(resource, FindAsync);

    private async Task<Wiring> FindAsync(IResource resource)
    {
        var used = new List<IResource>();
        var environment = new List<ValueView>();
        using var limit = new CancellationTokenSource(Limit);
        foreach (var (name, value) in await VariablesAsync(resource, limit.Token))
        {
            environment.Add(View(name, value));
            Collect(value, used);
        }

        foreach (var argument in await ArgumentsAsync(resource, limit.Token))
            Collect(argument, used);
        if (resource is IResourceWithConnectionString own)
            Collect(own.ConnectionStringExpression, used);

        var relations = new List<RelationView>();
        if (resource is IResourceWithParent { Parent: { } parent })
            relations.Add(new RelationView(parent.Name, "parent"));
        relations.AddRange(resource.Annotations.OfType<WaitAnnotation>().Select(wait => new RelationView(wait.Resource.Name, "wait")));
        relations.AddRange(used.Select(other => new RelationView(other.Name, "reference")));
        return new Wiring(
            [.. relations.Where(relation => relation.Name != resource.Name).Distinct()],
            [.. environment.OrderBy(variable => variable.Name, StringComparer.Ordinal)]);
    }

    // A callback of the AppHost's may fail here as it may fail at start; the start tells, the dashboard goes on.
    private async Task<Dictionary<string, object>> VariablesAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await TryAsync(() => annotation.Callback(context), cancellationToken);
        return context.EnvironmentVariables;
    }

    private static async Task<IReadOnlyList<object>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var arguments = new List<object>();
        var context = new CommandLineArgsCallbackContext(arguments, resource, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
            await TryAsync(() => annotation.Callback(context), cancellationToken);
        return arguments;
    }

    private static async Task TryAsync(Func<Task> callback, CancellationToken cancellationToken)
    {
        try
        {
            await callback().WaitAsync(cancellationToken);
        }
        catch (Exception)
        {
            // See above.
        }
    }

    private static ValueView View(string name, object value) => value switch
    {
        ParameterResource { Secret: true } => new ValueView(name, Value: null, IsMasked: true),
        IManifestExpressionProvider expression => SensitiveText.ViewExpression(name, expression.ValueExpression),
        _ => SensitiveText.View(name, value.ToString()),
    };

    private static void Collect(object? value, List<IResource> used)
    {
        switch (value)
        {
            case IResource resource:
                used.Add(resource);
                break;
            case EndpointReference endpoint:
                used.Add(endpoint.Resource);
                break;
            case EndpointReferenceExpression part:
                used.Add(part.Endpoint.Resource);
                break;
            case ReferenceExpression expression:
                foreach (var inner in expression.ValueProviders)
                    Collect(inner, used);
                break;
        }
    }
}
