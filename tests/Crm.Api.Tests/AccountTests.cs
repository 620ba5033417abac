using System.Diagnostics;
using Crm.Api.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using TenantPlatform.TestKit;

namespace Crm.Api.Tests;

/// <summary>Holders' accounts, and what becomes of them without the ledger.</summary>
[Collection(CrmCollection.Name)]
public sealed class AccountTests(CrmHost host)
{
    [Fact]
    public async Task Account_TheLedgerKnows_IsLinked_Shown_Changed_Deleted()
    {
        var (person, account) = (await host.AddTenantAsync(), Guid.NewGuid());
        host.Ledger.Add(account);
        var holder = (await person.CreateAsync("1")).Id;

        var linked = await person.LinkAsync(holder, account);
        var path = $"{person.Holders}/{holder}/accounts/{linked.Id}";
        await person.SendAsync(HttpMethod.Patch, path, new { type = "CHECKING", bankingDetails = new { iban = "GB33BUKB20201555555555" } });
        var shown = await person.SendAsync(HttpMethod.Get, path);

        Assert.Equal((201, "CONFIRMED", true), (linked.Status, linked.LedgerState, linked.Body.GetProperty("isConfirmed").GetBoolean()));
        Assert.Equal("@known", shown.Body.GetProperty("ledger").GetProperty("account").GetProperty("alias").GetString());
        Assert.Equal("GB33BUKB20201555555555", shown.Body.GetProperty("bankingDetails").GetProperty("iban").GetString());
        Assert.Single((await person.SendAsync(HttpMethod.Get, $"{person.Holders}/{holder}/accounts")).Items);
        Assert.Equal(409, (await person.SendAsync(HttpMethod.Delete, $"{person.Holders}/{holder}")).Status);
        Assert.Equal(204, (await person.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal(204, (await person.SendAsync(HttpMethod.Delete, $"{person.Holders}/{holder}")).Status);
    }

    [Fact]
    public async Task Ledger_IsAskedAsTheCaller()
    {
        var (person, account) = (await host.AddTenantAsync(), Guid.NewGuid());
        host.Ledger.Add(account);

        await person.LinkAsync((await person.CreateAsync("1")).Id, account);

        var call = Assert.Single(host.Ledger.Calls, call => call.Path.EndsWith(account.ToString(), StringComparison.Ordinal));
        Assert.StartsWith("Bearer ", call.Authorization, StringComparison.Ordinal);
        Assert.StartsWith(person.Holders.Replace("/holders", "/ledgers", StringComparison.Ordinal), call.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_TheLedgerHasNot_IsRefused()
    {
        var person = await host.AddTenantAsync();

        var answer = await person.LinkAsync((await person.CreateAsync("1")).Id, Guid.NewGuid());

        Assert.Equal((404, "CRM-0004"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData(403, "0131", "REFUSED")]
    [InlineData(404, "TENANT_NOT_FOUND", "REFUSED")]
    [InlineData(429, "RATE_LIMIT_EXCEEDED", "REFUSED")]
    [InlineData(503, "SERVICE_UNAVAILABLE", "UNAVAILABLE")]
    public async Task LedgerThatDoesNotServe_LinkIsKept_AndTheAnswerSaysSo_UntilItConfirms(int status, string code, string state)
    {
        var (person, account) = (await host.AddTenantAsync(), Guid.NewGuid());
        host.Ledger.Set(account, FakeLedger.Error(status, code));
        var holder = (await person.CreateAsync("1")).Id;

        // By a pod of its own: a breaker that this has opened is not the other tests'.
        await using var pod = host.CreateFactory(host.MasterKey);
        using var client = pod.CreateClient();
        var linked = await person.LinkAsync(holder, account, client);
        host.Ledger.Add(account);
        var later = await person.SendAsync(HttpMethod.Get, $"{person.Holders}/{holder}/accounts/{linked.Id}");

        Assert.Equal((201, state, false), (linked.Status, linked.LedgerState, linked.Body.GetProperty("isConfirmed").GetBoolean()));
        Assert.Equal(("CONFIRMED", true), (later.LedgerState, later.Body.GetProperty("isConfirmed").GetBoolean()));
        Assert.True(await person.QueryAsync<bool>("select is_confirmed from holder_accounts"));
    }

    [Fact]
    public async Task LedgerThatIsNotThere_LinkIsKept()
    {
        var (person, nowhere) = (await host.AddTenantAsync(), new Uri($"http://127.0.0.1:{FreePort.Next()}"));
        await using var pod = host.CreateFactory(host.MasterKey, nowhere);
        using var client = pod.CreateClient();
        var holder = (await person.CreateAsync("1", client: client)).Id;

        var linked = await person.LinkAsync(holder, Guid.NewGuid(), client);

        Assert.Equal((201, "UNAVAILABLE"), (linked.Status, linked.LedgerState));
    }

    [Fact]
    public async Task LedgerThatHangs_IsAskedAgain_AndGivenUpInTime()
    {
        var (person, account) = (await host.AddTenantAsync(), Guid.NewGuid());
        host.Ledger.Set(account, static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var pod = host.CreateFactory(host.MasterKey).WithWebHostBuilder(web => web.UseSetting("CRM_LEDGER_TIMEOUT_MS", "900"));
        using var client = pod.CreateClient();
        var holder = (await person.CreateAsync("1", client: client)).Id;

        var began = Stopwatch.GetTimestamp();
        var linked = await person.LinkAsync(holder, account, client);

        Assert.Equal((201, "UNAVAILABLE"), (linked.Status, linked.LedgerState));
        Assert.True(host.Ledger.CallsAbout(account) >= 2, "An attempt is bounded, so that there is time for another one.");
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "The bound is 0.9 s; the machine may be busy.");
    }

    [Fact]
    public async Task Account_IsLinkedOnce()
    {
        var (person, account, ledger) = (await host.AddTenantAsync(), Guid.NewGuid(), Guid.NewGuid());
        host.Ledger.Add(account);
        var holder = (await person.CreateAsync("1")).Id;

        var first = await person.SendAsync(HttpMethod.Post, $"{person.Holders}/{holder}/accounts", new { ledgerId = ledger, accountId = account });
        var second = await person.SendAsync(HttpMethod.Post, $"{person.Holders}/{holder}/accounts", new { ledgerId = ledger, accountId = account });

        Assert.Equal((201, 409, "CRM-0002"), (first.Status, second.Status, second.Code));
    }

    [Theory]
    [InlineData("""{"accountId":"0190b1f0-0000-7000-8000-000000000000"}""")]
    [InlineData("""{"ledgerId":"x","accountId":"0190b1f0-0000-7000-8000-000000000000"}""")]
    public async Task BadLink_IsRefused(string body)
    {
        var person = await host.AddTenantAsync();
        var holder = (await person.CreateAsync("1")).Id;

        Assert.Equal("0009", (await person.SendAsync(HttpMethod.Post, $"{person.Holders}/{holder}/accounts", body)).Code);
        Assert.Equal("0007", (await person.LinkAsync(Guid.NewGuid().ToString(), Guid.NewGuid())).Code);
    }
}
