using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Servers;

namespace TenantPlatform.Drills;

/// <summary>What can befall a Valkey Cluster.</summary>
public static class FailOverDrills
{
    /// <summary>The command that kills a primary and waits until its replica has taken over.</summary>
    public const string FailOver = "fail-over";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Gives every node the command <see cref="FailOver"/>.</summary>
    public static IResourceBuilder<ValkeyClusterResource> WithFailOverDrills(this IResourceBuilder<ValkeyClusterResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var node in builder.Resource.Nodes)
        {
            builder.ApplicationBuilder.CreateResourceBuilder(node).WithDrill(
                FailOver,
                "Fail over",
                context => FailOverAsync(builder.Resource, node, context),
                new CommandOptions
                {
                    Description = "Kills this primary and waits until its replica has taken over.",
                    ConfirmationMessage = $"Kill {node.Name}? Writes that its replica has not seen yet are lost.",
                    IconName = "ArrowSwap",
                });
        }

        return builder;
    }

    private static async Task<string> FailOverAsync(ValkeyClusterResource cluster, ValkeyResource node, ExecuteCommandContext context)
    {
        var target = DrillTarget.Of(context);
        var before = await PrimariesAsync(cluster, context.CancellationToken);
        if (!before.Contains(node.Name, StringComparer.Ordinal))
            throw new DrillException($"{node.Name} is no primary now: fail over one of {string.Join(", ", before)}.");
        var time = TimeProvider.System;
        var killed = time.GetTimestamp();
        await target.KillAsync(context.CancellationToken);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            while (true)
            {
                var successor = (await PrimariesAsync(cluster, limit.Token)).Except(before, StringComparer.Ordinal).FirstOrDefault();
                if (successor is not null)
                    return string.Create(CultureInfo.InvariantCulture, $"{node.Name} ({target}) was killed; {successor} took over its slots {time.GetElapsedTime(killed).TotalSeconds:0.0} s later.");
                await Task.Delay(PollInterval, limit.Token);
            }
        }
        catch (OperationCanceledException exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw new DrillException($"{node.Name} ({target}) was killed, and no replica took over within {Limit.TotalSeconds:0} s.", exception);
        }
    }

    private static async Task<IReadOnlyList<string>> PrimariesAsync(ValkeyClusterResource cluster, CancellationToken cancellationToken)
    {
        var primaries = new List<string>();
        foreach (var node in cluster.Nodes)
        {
            try
            {
                if (await ValkeyClusterResource.IsPrimaryAsync(node, cancellationToken))
                    primaries.Add(node.Name);
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // It does not run.
            }
        }

        return primaries;
    }
}
