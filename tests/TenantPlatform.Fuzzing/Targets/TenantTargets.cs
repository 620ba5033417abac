using System.Data.Common;
using System.Text;
using System.Text.Json;
using Cache.Core.Formats;
using TenantManager.Client.Databases;
using TenantManager.Client.Events;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Events;
using TenantManager.Contracts.Reference;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>What the tenant-manager says, or somebody in its name.</summary>
internal static class TenantTargets
{
    private const string Module = "onboarding";
    private static readonly PlainJsonFormat Format = new(ContractJson.Options);

    /// <summary>A message of the channel of lifecycle events.</summary>
    public static void Event(byte[] input)
    {
        if (TenantEventMessage.Read(input) is not var (type, tenant, payload))
            return;
        Finding.Unless(type.Length > 0 && TenantId.Parse(tenant.Value) == tenant, "an event names its type and a tenant");
        var again = JsonSerializer.SerializeToUtf8Bytes(
            new TenantEvent { EventType = type, TenantId = tenant.Value, Payload = JsonSerializer.SerializeToElement(payload, ContractJson.Options) }, ContractJson.Options);
        var read = TenantEventMessage.Read(again) ?? throw new Finding("what was read can be written and read");
        Finding.Unless(read.Type == type && read.Tenant == tenant && Json(read.Payload) == Json(payload), "an event is read as it was written");
    }

    /// <summary>A tenant's configuration, and the settings of its database.</summary>
    public static void Config(byte[] input)
    {
        if (Format.Read<TenantConfig>("key", input) is not { Fault: null, Value: { } config })
            return;
        if (TryJson(config) is not { } written)
            return;

        // Once more: what is null is left out when it is written, and empty when that is read.
        var read = JsonSerializer.Deserialize<TenantConfig>(written, ContractJson.Options)!;
        Finding.Unless(Json(JsonSerializer.Deserialize<TenantConfig>(Json(read), ContractJson.Options)!) == Json(read), "a configuration is read as it was written");
        if (TenantId.TryParse(config.Id, out var id))
        {
            Finding.Unless(TenantId.Parse(id.Value) == id, "a canonical id stays as it is");
            Finding.Unless(TenantConfigKey.IsOf(TenantConfigKey.For(id, "ledger"), config), "a configuration is of its key");
        }

        try
        {
            var settings = new DbConnectionStringBuilder { ConnectionString = PoolSettings.ConnectionString(config, Module, "ledger", TimeSpan.FromSeconds(5)) };
            Finding.Unless((string)settings["Host"] == config.Databases![Module].Postgres!.Host, "a host breaks out of nothing");
            Finding.Unless(!settings.TryGetValue("Password", out var password) || (string)password == config.Databases[Module].Postgres!.Password, "a password breaks out of nothing");
        }
        catch (TenantDatabaseUnavailableException)
        {
            // As documented.
        }
    }

    /// <summary>The other answers and messages: pages of the change feed, denials, reference data.</summary>
    public static void Answers(byte[] input)
    {
        Denial.Read(input);
        if (Read<ChangePage>(input) is { Cursor: not null, Changes: not null } page)
            Finding.Unless(Json(Read<ChangePage>(Encoding.UTF8.GetBytes(Json(page)))!) == Json(page), "a page is read as it was written");
        if (Read<ReferenceSet>(input) is { } set && set.IsOf("countries"))
            Finding.Unless(set.Entries.All(entry => ReferenceEquals(set.Find(entry.Code), entry)), "an entry is found by its code");
        Read<ReferenceEvent>(input);
    }

    private static T? Read<T>(byte[] input)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(input, ContractJson.Options);
        }
        catch (JsonException)
        {
            // As documented.
            return null;
        }
    }

    /// <summary>Null where it holds half a character in what is carried through: serializing refuses it, and the cache serves it without storing it.</summary>
    private static string? TryJson(TenantConfig config)
    {
        try
        {
            return Json(config);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ContractJson.Options);
}
