using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Servers;

/// <summary>Adds Valkey to an application model, as Aspire's own extensions do.</summary>
public static class ValkeyBuilderExtensions
{
    private const string DataDirectory = "/data";
    private const string Image = "valkey/valkey";
    private const string ImageTag = "8.0";
    private const string ImageRegistry = "docker.io";
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(60);

    /// <summary>Adds a Valkey: a container of its official image.</summary>
    /// <example>
    /// <code>
    /// var valkey = builder.AddValkey("valkey").WithDataVolume();
    /// builder.AddProject&lt;Projects.Api&gt;("api").WithReference(valkey);
    /// </code>
    /// </example>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and the connection string's.</param>
    /// <param name="port">The port on this host; null: any.</param>
    /// <param name="password">The default user's password; null: one is generated, and kept in the AppHost's user secrets.</param>
    public static IResourceBuilder<ValkeyResource> AddValkey(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // No special characters: StackExchange.Redis reads no password with a comma (StackExchange.Redis#680).
        password ??= builder.AddParameter($"{name}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);
        var secret = password.Resource;
        var valkey = new ValkeyResource(name, secret);

        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(check, _ => new ValkeyHealthCheck(valkey), failureStatus: null, tags: null));
        return builder.AddResource(valkey)
            .WithEndpoint(port: port, targetPort: 6379, name: ValkeyResource.PrimaryEndpointName)
            .WithImage(Image, ImageTag)
            .WithImageRegistry(ImageRegistry)
            .WithIconName("DatabaseLightning")
            .WithHealthCheck(check)

            // By a shell, so that the password is in the container's environment and not on its command line; and in the shell's
            // place, so that it is told to stop: a shell is not, and ten seconds later everything is killed with nothing saved.
            .WithEntrypoint("/bin/sh")
            .WithEnvironment("VALKEY_PASSWORD", secret)
            .WithArgs(context =>
            {
                context.Args.Add("-c");
                context.Args.Add(string.Join(' ', ["exec", "valkey-server", "--requirepass", "\"$VALKEY_PASSWORD\"", .. SaveArguments(valkey)]));
            });
    }

    /// <summary>Keeps the data in a volume, over restarts of the AppHost too, and saves it from time to time.</summary>
    /// <param name="builder">The Valkey.</param>
    /// <param name="name">The volume's name; null: made of the application's and the resource's.</param>
    /// <param name="isReadOnly">Whether nothing is written; then nothing is saved.</param>
    public static IResourceBuilder<ValkeyResource> WithDataVolume(this IResourceBuilder<ValkeyResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataDirectory, isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Saves the data from time to time.</summary>
    /// <param name="builder">The Valkey.</param>
    /// <param name="interval">How often; null: every minute.</param>
    /// <param name="keysChangedThreshold">Only when at least so many keys have changed.</param>
    public static IResourceBuilder<ValkeyResource> WithPersistence(
        this IResourceBuilder<ValkeyResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ValkeyPersistenceAnnotation(interval ?? SaveInterval, keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);
    }

    // Without persistence nothing is written at all.
    private static string[] SaveArguments(ValkeyResource valkey) => ["--save", valkey.Persistence()?.Setting ?? "''"];
}
