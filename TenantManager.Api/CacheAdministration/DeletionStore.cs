using System.Security.Cryptography;
using System.Text.Json;
using Cache.Core.Valkey;
using TenantManager.Contracts;

namespace TenantManager.Api.CacheAdministration;

/// <summary>
/// Deletions as Valkey knows them: whichever instance is asked shows and ends them. The one that carries a deletion out keeps a sign
/// of life beside it, which ends by itself.
/// </summary>
internal sealed class DeletionStore(ICacheClient client)
{
    public const string Prefix = "tenant-manager:deletions:";

    /// <summary>How long a deletion can be asked about.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>For how long the instance that carries it out may be silent. More than a step and its pause take.</summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(30);

    public static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    public static bool IsId(string text) => text.Length == 16 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Writes down how far a deletion is, and that somebody is at it.</summary>
    public async Task SaveAsync(DeletionState state, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(state, ContractJson.Options);
        await Task.WhenAll(
            client.SetAsync(Key(state.Id), text, Life, cancellationToken).AsTask(),
            client.SetAsync(Alive(state.Id), "1"u8.ToArray(), SignOfLife, cancellationToken).AsTask());
    }

    /// <summary>A deletion as it is; null when there is none, or it was too long ago.</summary>
    public async Task<DeletionState?> FindAsync(string id, CancellationToken cancellationToken)
    {
        // The sign of life first: one that ends in between has left its last word.
        var isAlive = await client.GetAsync(Alive(id), cancellationToken) is not null;
        if (await client.GetAsync(Key(id), cancellationToken) is not { } text || Parse(text) is not { } state)
            return null;
        if (state.Status != DeletionStatus.Running)
            return state;
        return isAlive
            ? state with { IsCancelling = await IsCancelledAsync(id, cancellationToken) }
            : state with { Status = DeletionStatus.Lost };
    }

    /// <summary>Asks for a deletion's end: whoever carries it out sees it before the next step.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellationToken) =>
        await client.SetAsync(Cancelled(id), "1"u8.ToArray(), Life, cancellationToken);

    public async Task<bool> IsCancelledAsync(string id, CancellationToken cancellationToken) => await client.GetAsync(Cancelled(id), cancellationToken) is not null;

    /// <summary>What is no deletion is none: anybody may write into Valkey.</summary>
    private static DeletionState? Parse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize<DeletionState>(text, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Key(string id) => Prefix + id;

    private static string Alive(string id) => $"{Prefix}{id}:alive";

    private static string Cancelled(string id) => $"{Prefix}{id}:cancelled";
}
