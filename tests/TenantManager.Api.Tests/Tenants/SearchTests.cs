using Npgsql;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Tenants;

/// <summary>Lists of tenants by what is asked for: nothing else, nothing left out, and nothing passed over silently.</summary>
[Collection(ManagerCollection.Name)]
public sealed class SearchTests(ManagerHost host)
{
    [Fact]
    public async Task List_HasWhatEveryFilterNames()
    {
        var mark = $"m{Guid.NewGuid():N}";
        var free = await CreateAsync("Zebra 100%_a", "free", mark, "br");
        var premium = await CreateAsync("zebra 100x", "premium", mark, "br");
        var other = await CreateAsync("Ölmühle", "premium", mark, "de");
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{other}/suspend");
        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{premium}/associations/searched", new { isolationMode = "isolated" });
        var all = Sorted(free, premium, other);

        Assert.Equal(all, await ListAsync($"metadata.mark={mark}"));
        Assert.Equal(Sorted(free, premium), await ListAsync($"metadata.mark={mark}&metadata.region=br"));
        Assert.Empty(await ListAsync($"metadata.mark={mark}&metadata.region=us"));
        Assert.Equal([free], await ListAsync($"metadata.mark={mark}&tier=free"));
        Assert.Equal([other], await ListAsync($"metadata.mark={mark}&status=suspended"));
        Assert.Equal(Sorted(free, premium), await ListAsync($"metadata.mark={mark}&status=active&environment=test"));
        Assert.Empty(await ListAsync($"metadata.mark={mark}&environment=production"));
        Assert.Equal(Sorted(free, premium), await ListAsync($"metadata.mark={mark}&name=ZEBRA"));
        Assert.Equal([free], await ListAsync($"metadata.mark={mark}&name={Uri.EscapeDataString("zebra 100%_")}"));
        Assert.Equal([other], await ListAsync($"metadata.mark={mark}&name={Uri.EscapeDataString("Öl")}"));
        Assert.Equal([premium], await ListAsync($"metadata.mark={mark}&service=searched"));
        Assert.Equal([free], await ListAsync($"slug=s-{mark}-free"));
        await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{premium}/associations/searched");
        Assert.Empty(await ListAsync($"metadata.mark={mark}&service=searched"));
    }

    [Fact]
    public async Task List_IsWalkedPageByPage_UnderAFilter()
    {
        var mark = $"m{Guid.NewGuid():N}";
        var all = new List<string>();
        for (var n = 0; n < 5; n++)
            all.Add(await CreateAsync($"Page {n}", "standard", $"{mark}{(n == 4 ? "x" : string.Empty)}", $"{n}"));

        var walked = new List<string>();
        var pages = 0;
        for (string? cursor = string.Empty; cursor is not null; pages++)
        {
            var page = (await host.SendAsync(HttpMethod.Get, $"/v1/tenants?limit=2&metadata.mark={mark}{(cursor.Length == 0 ? string.Empty : $"&cursor={cursor}")}")).Body;
            walked.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Sorted([.. all.Take(4)]), walked);
        Assert.Equal(3, pages);
    }

    [Theory]
    [InlineData("statuss=active", "statuss")]
    [InlineData("metadata=x", "metadata")]
    [InlineData("metadata.=x", "metadata.")]
    [InlineData("status=active&status=suspended", "status")]
    [InlineData("status=gone", "status")]
    [InlineData("tier=gold", "tier")]
    [InlineData("service=No%20Name", "service")]
    [InlineData("name=", "name")]
    [InlineData("slug=a%00b", "slug")]
    [InlineData("metadata.key=a%00b", "metadata.key")]
    [InlineData("limit=0", "limit")]
    public async Task UnknownOrWrongFilter_Is400_AndNotAllTenants(string query, string field)
    {
        var refused = await host.SendAsync(HttpMethod.Get, $"/v1/tenants?{query}");

        Assert.Equal((400, "0009"), (refused.Status, refused.Code));
        Assert.True(refused.Body.GetProperty("fields").TryGetProperty(field, out _), refused.Body.ToString());
    }

    /// <summary>During an update an instance of the version before still writes, and knows none of the new columns.</summary>
    [Fact]
    public async Task Tenant_WrittenByAnEarlierVersion_HasTheDefaults_AndMetadataThatAreNoJsonbKeepNoRowOut()
    {
        await using var source = NpgsqlDataSource.Create(host.StateConnectionString);
        var (id, strange, mark) = ($"{Guid.NewGuid():N}", $"{Guid.NewGuid():N}", $"m{Guid.NewGuid():N}");
        foreach (var (tenant, metadata) in new[] { (id, $$"""{"mark":"{{mark}}"}"""), (strange, """{"a\u0000":"b"}""") })
        {
            await using var insert = source.CreateCommand(
                """
                insert into tenants (id, slug, name, environment, isolation, status, owner_email, owner_email_verified, owner_password_hash, metadata, revision, created_at, updated_at)
                values ($1, $1, 'Earlier', 'test', 'isolated', 'active', 'a@b.example', false, null, $2, 1, now(), now())
                """);
            insert.Parameters.AddWithValue(tenant);
            insert.Parameters.AddWithValue(metadata);
            await insert.ExecuteNonQueryAsync();
        }

        Assert.Equal([id], await ListAsync($"metadata.mark={mark}&tier=standard"));
        Assert.Equal([strange], await ListAsync($"slug={strange}"));
        var shown = (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{id}")).Body;
        Assert.Equal("standard", shown.GetProperty("tier").GetString());
        Assert.False(shown.TryGetProperty("purgeAt", out _));
    }

    [Fact]
    public async Task Filters_HaveIndexes()
    {
        await using var source = NpgsqlDataSource.Create(host.StateConnectionString);
        foreach (var (filter, index) in new[]
        {
            (new Api.Tenants.TenantFilter { Metadata = """{"region":"br"}""" }, "tenants_by_metadata"),
            (new Api.Tenants.TenantFilter { Status = "deleting" }, "tenants_by_status"),
            (new Api.Tenants.TenantFilter { Tier = "free" }, "tenants_by_tier"),
            (new Api.Tenants.TenantFilter { Name = "acme" }, "tenants_by_name"),
        })
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"set enable_seqscan = off; set enable_indexscan = on; explain select id from tenants {filter.Where()}"
                .Replace("@NamePattern", "'acme%'", StringComparison.Ordinal).Replace("@Metadata", "'{}'", StringComparison.Ordinal)
                .Replace("@Status", "'x'", StringComparison.Ordinal).Replace("@Tier", "'x'", StringComparison.Ordinal);
            await using var reader = await command.ExecuteReaderAsync();
            var plan = string.Empty;
            while (await reader.ReadAsync())
                plan += reader.GetString(0) + "\n";
            Assert.Contains(index, plan, StringComparison.Ordinal);
        }
    }

    private async Task<string> CreateAsync(string name, string tier, string mark, string region)
    {
        var created = await host.SendAsync(HttpMethod.Post, "/v1/tenants", new
        {
            name,
            slug = $"s-{mark}-{(tier == "free" ? "free" : $"{Guid.NewGuid():N}"[..20])}",
            environment = "test",
            isolation = "isolated",
            owner = new { email = "a@b.example" },
            tier,
            metadata = new { mark, region },
        });
        Assert.True(created.Status == 201, created.Body.ToString());
        return KeyExtensions.Text(created, "id");
    }

    private async Task<string[]> ListAsync(string query)
    {
        var listed = await host.SendAsync(HttpMethod.Get, $"/v1/tenants?{query}");
        Assert.True(listed.Status == 200, listed.Body.ToString());
        return [.. listed.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
    }

    private static string[] Sorted(params string[] ids) => [.. ids.Order(StringComparer.Ordinal)];
}
