using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Keys;

/// <summary>A key's text is told to its creator, and is nowhere else.</summary>
[Collection(ManagerCollection.Name)]
public sealed class KeySecrecyTests(ManagerHost host)
{
    [Fact]
    public async Task B7_KeysText_IsInNoLog_NoTrace_NotInTheState_AndNotInValkey()
    {
        var traces = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => traces.Enqueue($"{span.DisplayName}\n{string.Join('\n', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}"),
        };
        ActivitySource.AddActivityListener(listener);
        var key = await host.CreateKeyAsync(["admin"]);
        Assert.Equal(200, await host.StatusAsync(key.Text));
        var rotated = KeyExtensions.Text(await host.UseAsync(key.Text, $"/v1/api-keys/{key.Id}/rotate", HttpMethod.Post), "key");
        Assert.Equal((200, 200), (await host.StatusAsync(key.Text), await host.StatusAsync(rotated)));
        var valkey = await DumpValkeyAsync();
        await host.UseAsync(rotated, $"/v1/api-keys/{key.Id}", HttpMethod.Delete);
        Assert.Equal(401, await host.StatusAsync(rotated));

        var places = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["log"] = host.Logs.Text,
            ["traces"] = string.Join('\n', traces),
            ["state"] = await DumpStateAsync(),
            ["valkey"] = valkey + await DumpValkeyAsync(),
        };
        foreach (var (place, text) in places)
        {
            Assert.NotEmpty(text);
            foreach (var secret in new[] { key.Text, rotated })
                Assert.False(text.Contains(secret[20..], StringComparison.Ordinal), $"A key is in the {place}.");
        }

        // It was there to be found; and what is there of it can be read by the tenant-manager only.
        Assert.Contains($"apikey:{KeyExtensions.HashOf(rotated)}", valkey, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Name, valkey, StringComparison.Ordinal);
        Assert.Contains(key.Name, places["state"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task B7_EntryInValkey_ThatThisServiceHasNotWritten_OpensNothing()
    {
        // Whoever may write into Valkey can make himself a key, its hash and an entry, but not the seal.
        var state = await host.Postgres.CreateDatabaseAsync();
        await using var forger = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state), ("TENANT_MANAGER_SECRETS_KEY", new string('f', 32))]);
        using var client = forger.CreateClient();
        var key = await host.CreateKeyAsync(["admin"], client: client);
        Assert.Equal(200, await host.StatusAsync(key.Text, client));
        Assert.Equal(1L, await host.Valkey.ExecuteAsync("EXISTS", $"apikey:{KeyExtensions.HashOf(key.Text)}"));

        Assert.Equal(401, await host.StatusAsync(key.Text));
    }

    private async Task<string> DumpStateAsync()
    {
        var dump = new StringBuilder();
        await using var source = NpgsqlDataSource.Create(host.StateConnectionString);
        var tables = new List<string>();
        await using (var list = source.CreateCommand("select table_name::text from information_schema.tables where table_schema = 'public'"))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        }

        Assert.Contains("audit_log", tables);
        foreach (var table in tables)
        {
            // Bytes as what they may be the text of, besides.
            var bytes = table == "api_key_secrets" ? " || encode(t.hash, 'escape')" : string.Empty;
            await using var rows = source.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"select t::text{bytes} from {table} t"));
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                dump.AppendLine(reader.GetString(0));
        }

        return dump.ToString();
    }

    private async Task<string> DumpValkeyAsync()
    {
        var dump = new StringBuilder();
        foreach (var key in Flat(await host.Valkey.ExecuteAsync("KEYS", "*")))
        {
            dump.AppendLine(key);
            var value = await host.Valkey.ExecuteAsync("TYPE", key) switch
            {
                "hash" => await host.Valkey.ExecuteAsync("HGETALL", key),
                "string" => await host.Valkey.ExecuteAsync("GET", key),
                _ => null,
            };
            dump.AppendJoin('\n', Flat(value)).AppendLine();
        }

        return dump.ToString();
    }

    private static IEnumerable<string> Flat(object? answer) => answer switch
    {
        null => [],
        string text => [text],
        byte[] bytes => [Encoding.Latin1.GetString(bytes)],
        System.Collections.IEnumerable many => many.Cast<object?>().SelectMany(Flat),
        _ => [Convert.ToString(answer, CultureInfo.InvariantCulture)!],
    };
}
