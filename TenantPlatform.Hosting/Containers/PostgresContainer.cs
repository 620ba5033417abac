using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Containers;

/// <summary>PostgreSQL in a container.</summary>
internal sealed class PostgresContainer(Container container, string userName, string password) : IPostgresDatabases
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly Dictionary<string, string?> NoVariables = [];

    public Container Container { get; } = container;

    /// <summary>Starts it and waits until it accepts connections over TCP.</summary>
    public static async Task<PostgresContainer> StartAsync(
        ContainerEngine engine, ContainerOptions options, string userName, string password, CancellationToken cancellationToken)
    {
        var container = await Container.StartAsync(
            engine,
            new ContainerOptions
            {
                Resource = options.Resource,
                Owner = options.Owner,
                Image = options.Image,
                Arguments = ["-c", "max_connections=300", "-c", "timezone=UTC"],
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["POSTGRES_USER"] = userName,
                    ["POSTGRES_PASSWORD"] = password,
                    ["POSTGRES_HOST_AUTH_METHOD"] = "scram-sha-256",
                    ["POSTGRES_INITDB_ARGS"] = "--auth-host=scram-sha-256 --auth-local=scram-sha-256",
                },
                Ports = options.Ports,
                Mounts = options.Mounts,
                Output = options.Output,
            },
            cancellationToken);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ReadyLimit);

            // While it creates its data the image runs a server on its socket only, so TCP is what tells.
            while ((await container.ExecuteAsync(["pg_isready", "-h", "127.0.0.1", "-U", userName], NoVariables, input: null, limit.Token)).ExitCode != 0)
            {
                if (container.Exited.IsCompleted)
                    throw new InvalidOperationException($"PostgreSQL in a container of {options.Image} ended with exit code {await container.Exited}; its log says why.");
                await Task.Delay(PollInterval, limit.Token);
            }

            return new PostgresContainer(container, userName, password);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    public async Task CreateDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var result = await Container.ExecuteAsync(
            ["psql", "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse", "-U", userName, "-d", "postgres"],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PGPASSWORD"] = password },
            PostgresText.CreateDatabase(name),
            cancellationToken);
        if (result.ExitCode != 0)
            throw new ServerStartException($"psql, as '{userName}' in the container {Container.Name}, failed: {result.Output}");
    }
}
