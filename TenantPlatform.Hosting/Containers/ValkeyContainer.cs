using System.Text;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Containers;

/// <summary>Valkey in a container.</summary>
internal static class ValkeyContainer
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<Container> StartAsync(
        ContainerEngine engine, ContainerOptions options, string? password, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        // The configuration comes by standard input: the password is on no command line and in no variable.
        var container = await Container.StartAsync(
            engine,
            new ContainerOptions
            {
                Resource = options.Resource,
                Owner = options.Owner,
                Image = options.Image,
                Arguments = ["valkey-server", "-"],
                StandardInput = Configuration(password, settings),
                Ports = options.Ports,
                Mounts = options.Mounts,
                Output = options.Output,
            },
            cancellationToken);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ReadyLimit);
            while (!await RespProbe.AnswersAsync(options.Ports[0].Host, password, limit.Token))
            {
                if (container.Exited.IsCompleted)
                    throw new InvalidOperationException($"Valkey in a container of {options.Image} ended with exit code {await container.Exited}; its log says why.");
                await Task.Delay(PollInterval, limit.Token);
            }

            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    private static string Configuration(string? password, IReadOnlyList<string> settings)
    {
        var text = new StringBuilder("port 6379\nbind * -::*\nprotected-mode no\ndir /data\n");
        if (settings.Count == 0)
            text.Append("save \"\"\n");
        foreach (var setting in settings)
            text.Append(setting).Append('\n');
        if (password is not null)
            text.Append("requirepass ").Append(ValkeyConfiguration.Quote(password)).Append('\n');
        return text.ToString();
    }
}
