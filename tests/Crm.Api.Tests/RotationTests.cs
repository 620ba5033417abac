using Crm.Api.Encryption;
using Crm.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Databases;
using TenantManager.Contracts;
using TenantPlatform.TestKit;

namespace Crm.Api.Tests;

/// <summary>Keys rotate while requests are served.</summary>
[Collection(CrmCollection.Name)]
public sealed class RotationTests(CrmHost host)
{
    [Fact]
    public async Task DataKey_Rotated_AllRowsAreSealedAnew_AndEveryPodReadsFindsAndRefusesAsBefore()
    {
        var (person, account) = (await host.AddTenantAsync(), Guid.NewGuid());
        host.Ledger.Add(account);
        var holders = await Task.WhenAll(Enumerable.Range(0, 120).Select(n => person.CreateAsync($"doc-{n}")));
        await person.LinkAsync(holders[0].Id, account);
        await using var pod = host.CreateFactory(host.MasterKey);
        using var other = pod.CreateClient();
        await person.SearchAsync("doc-1", other);

        var rotated = await person.OperateAsync(HttpMethod.Post, "/rotate");
        var written = await person.CreateAsync("written-meanwhile", client: other);
        var taken = await person.CreateAsync("doc-2", client: other);
        var shown = await Eventually.BecomesAsync("All rows under the new key", () => person.OperateAsync(HttpMethod.Get, string.Empty), answer => answer.Body.GetProperty("isDone").GetBoolean());

        Assert.Equal((202, 201, 409), (rotated.Status, written.Status, taken.Status));
        Assert.Equal([0, 121], shown.Items.Select(item => item.GetProperty("holders").GetInt32()));
        Assert.Equal([0, 1], shown.Items.Select(item => item.GetProperty("accounts").GetInt32()));
        foreach (var client in new[] { host.Client, other })
        {
            Assert.Equal(holders[7].Id, Assert.Single((await person.SearchAsync("DOC7", client)).Items).GetProperty("id").GetString());
            Assert.Equal("doc-3", (await person.SendAsync(HttpMethod.Get, $"{person.Holders}/{holders[3].Id}", client: client)).Body.GetProperty("document").GetString());
        }
    }

    [Fact]
    public async Task DataKey_RotatedUnderWrites_NoDocumentIsTakenTwice()
    {
        var person = await host.AddTenantAsync();
        await using var pod = host.CreateFactory(host.MasterKey);
        using var other = pod.CreateClient();
        await Task.WhenAll(person.SearchAsync("x"), person.SearchAsync("x", other));

        var rotations = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => person.OperateAsync(HttpMethod.Post, "/rotate")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => person.CreateAsync($"doc-{n % 20}", client: n % 2 == 0 ? host.Client : other)));
        await rotations;

        Assert.Equal(20, answers.Count(answer => answer.Status == 201));
        Assert.Equal(40, answers.Count(answer => answer.Status == 409));
        await Eventually.BecomesAsync("All rows under the newest key", () => person.OperateAsync(HttpMethod.Get, string.Empty), answer => answer.Body.GetProperty("isDone").GetBoolean());
        Assert.Equal(20, (await person.SendAsync(HttpMethod.Get, $"{person.Holders}?limit=100")).Items.Select(item => item.GetProperty("document").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task MasterKey_RotatedInThreeSteps_IsNoInterruption_AndTheOldOneIsNotNeededAtTheEnd()
    {
        var (person, next) = (await host.AddTenantAsync(), CrmHost.NewKey("k2"));
        var created = await person.CreateAsync("1");
        var path = $"{person.Holders}/{created.Id}";

        await ServeAsync($"{host.MasterKey},{next}");
        Assert.Equal("k1", await person.QueryAsync<string>("select master_id from data_keys"));
        await ServeAsync($"{next},{host.MasterKey}");
        Assert.Equal("k2", await person.QueryAsync<string>("select master_id from data_keys"));
        await ServeAsync(next);

        async Task ServeAsync(string keys)
        {
            await using var pod = host.CreateFactory(keys);
            using var client = pod.CreateClient();
            Assert.Equal(created.Text, (await person.SendAsync(HttpMethod.Get, path, client: client)).Text);
        }
    }

    [Fact]
    public async Task MasterKey_Rotated_TenantsThatNobodyAsksFor_AreWrappedAnewToo()
    {
        var person = await host.AddTenantAsync();
        await person.CreateAsync("1");
        host.Manager.Set("GET", "/v1/tenants/active?service=crm", FakeAnswer.Json(new[] { new { id = person.Tenant, name = "x", status = "active" } }));

        await using var pod = host.CreateFactory($"{CrmHost.NewKey("k3")},{host.MasterKey}");
        using var client = pod.CreateClient();

        await Eventually.BecomesAsync("Wrapped by the new master key", () => person.QueryAsync<string>("select master_id from data_keys"), id => id == "k3");
    }

    [Fact]
    public async Task MasterKey_Missing_Is503_AndTheLogNamesIt()
    {
        var person = await host.AddTenantAsync();
        await person.CreateAsync("1");

        await using var pod = host.CreateFactory(CrmHost.NewKey("k9"));
        using var client = pod.CreateClient();

        // A database that a busy machine answers late for is a 503 with another reason, once.
        await Eventually.HoldsAsync("The log names the key that is missing", async () =>
        {
            Assert.Equal(503, (await person.SearchAsync("1", client)).Status);
            return host.Logs.Lines.Any(line => line.Message.Contains(person.Tenant, StringComparison.Ordinal) && line.Message.Contains("CRM_ENCRYPTION_KEYS lacks", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Rotation_ThatAPodHasLeftUnfinished_IsFinishedByTheNextOne()
    {
        var person = await host.AddTenantAsync();
        var created = await person.CreateAsync("1");

        // As if the pod had died between the new key and the rows: nobody has put the tenant into a queue.
        await using (var gone = host.CreateFactory(host.MasterKey))
        {
            var (work, keys) = (gone.Services.GetRequiredService<TenantWork>(), gone.Services.GetRequiredService<TenantKeys>());
            Assert.True(TenantId.TryParse(person.Tenant, out var tenant));
            Assert.True(await work.TryRunAsync(tenant, (database, stop) => keys.RotateAsync(tenant, database, stop), CancellationToken.None));
        }

        Assert.Equal(1, await person.QueryAsync<int>("select key_version from holders"));
        await using var next = host.CreateFactory(host.MasterKey);
        using var client = next.CreateClient();
        Assert.Equal(created.Text, (await person.SendAsync(HttpMethod.Get, $"{person.Holders}/{created.Id}", client: client)).Text);

        await Eventually.BecomesAsync("Sealed with the newest key", () => person.QueryAsync<int>("select key_version from holders"), version => version == 2);
    }

    [Theory]
    [InlineData("wrong-operator-key-0123")]
    [InlineData("")]
    public async Task Operations_WithoutTheKey_Are401(string key)
    {
        var person = await host.AddTenantAsync();

        Assert.Equal(401, (await person.OperateAsync(HttpMethod.Post, "/rotate", key)).Status);
    }

    [Fact]
    public async Task Operations_OfATenantThatIsNotServed_Are404()
    {
        var person = new Person(host, Guid.NewGuid().ToString("N"), string.Empty);

        Assert.Equal((404, "TENANT_NOT_FOUND"), ((await person.OperateAsync(HttpMethod.Get, string.Empty)).Status, (await person.OperateAsync(HttpMethod.Get, string.Empty)).Code));
    }
}
