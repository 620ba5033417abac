using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Running;

namespace Aspire.Hosting;

/// <content>What can be done with resources.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives the resource a command. One of the same name is replaced.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The name by which it is executed.</param>
    /// <param name="displayName">The name that people see.</param>
    /// <param name="executeCommand">Executes it; an exception is a failure with that message.</param>
    /// <param name="commandOptions">How it is offered.</param>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = commandOptions ?? new CommandOptions();
        var command = new ResourceCommandAnnotation(
            name,
            displayName,
            options.UpdateState ?? (static _ => ResourceCommandState.Enabled),
            executeCommand,
            options.Description,
            parameter: null,
            options.ConfirmationMessage,
            options.IconName,
            options.IconVariant,
            options.IsHighlighted)
        {
            Visibility = options.Visibility,
        };
        var annotations = builder.Resource.Annotations;
        foreach (var present in annotations.OfType<ResourceCommandAnnotation>().Where(present => present.Name == name).ToArray())
            annotations.Remove(present);
        return builder.WithAnnotation(command);
    }

    /// <summary>Gives the resource a command that is an HTTP request to it.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path that is asked.</param>
    /// <param name="displayName">The name that people see.</param>
    /// <param name="endpointName">The endpoint that is asked; the first HTTP one unless told.</param>
    /// <param name="commandName">The name by which it is executed; made of the path unless told.</param>
    /// <param name="commandOptions">How it is offered and sent.</param>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        string? endpointName = null,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithHttpCommand(path, displayName, () => builder.GetEndpoint(endpointName ?? "http"), commandName, commandOptions);
    }

    /// <summary>Gives the resource a command that is an HTTP request to an endpoint of choice.</summary>
    /// <inheritdoc cref="WithHttpCommand{TResource}(IResourceBuilder{TResource}, string, string, string?, string?, HttpCommandOptions?)"/>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        Func<EndpointReference>? endpointSelector,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = commandOptions ?? new HttpCommandOptions();
        var selector = options.EndpointSelector ?? endpointSelector ?? (() => builder.GetEndpoint("http"));
        options.UpdateState ??= static context =>
            context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
        var name = commandName ?? $"{builder.Resource.Name}-{(options.Method ?? HttpMethod.Post).Method.ToLowerInvariant()}-{path.Trim('/').Replace('/', '-')}";
        return builder.WithCommand(name, displayName, context => HttpCommand.ExecuteAsync(context, selector(), path, options), options);
    }
}
