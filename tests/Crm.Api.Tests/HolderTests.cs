using Crm.Api.Tests.Hosting;

namespace Crm.Api.Tests;

/// <summary>Holders: natural and legal persons.</summary>
[Collection(CrmCollection.Name)]
public sealed class HolderTests(CrmHost host)
{
    private const string Natural =
        """
        {"type":"NATURAL_PERSON","name":"Ada Lovelace","document":"123.456.789-09","externalId":"x-1","metadata":{"tier":"gold"},
         "addresses":{"primary":{"line1":"St James's Square 12","zipCode":"SW1Y","city":"London","country":"GB"}},
         "contact":{"primaryEmail":"ada@example.com","mobilePhone":"+44 20 7946 0000"},
         "naturalPerson":{"birthDate":"1815-12-10","motherName":"Annabella"}}
        """;

    private const string Legal =
        """
        {"type":"LEGAL_PERSON","name":"Analytical Engines Ltd","document":"12.345.678/0001-95",
         "legalPerson":{"tradeName":"Engines","foundingDate":"1837-01-01","representative":{"name":"Charles","email":"c@example.com"}}}
        """;

    [Fact]
    public async Task Holder_IsCreated_Shown_Changed_Deleted()
    {
        var person = await host.AddTenantAsync();

        var created = await person.SendAsync(HttpMethod.Post, person.Holders, Natural);
        var path = $"{person.Holders}/{created.Id}";
        var changed = await person.SendAsync(HttpMethod.Patch, path, new { contact = new { primaryEmail = "countess@example.com" } });
        var shown = await person.SendAsync(HttpMethod.Get, path);

        Assert.Equal((201, 200), (created.Status, changed.Status));
        Assert.Equal(changed.Text, shown.Text);
        Assert.Equal("123.456.789-09", shown.Body.GetProperty("document").GetString());
        Assert.Equal("countess@example.com", shown.Body.GetProperty("contact").GetProperty("primaryEmail").GetString());
        Assert.Equal("London", shown.Body.GetProperty("addresses").GetProperty("primary").GetProperty("city").GetString());
        Assert.Equal("1815-12-10", shown.Body.GetProperty("naturalPerson").GetProperty("birthDate").GetString());
        Assert.Equal("gold", shown.Body.GetProperty("metadata").GetProperty("tier").GetString());
        Assert.Equal(204, (await person.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal("0007", (await person.SendAsync(HttpMethod.Get, path)).Code);
        Assert.True(await person.QueryAsync<bool>("select bool_and(sealed is null and document_hash is null) from holders"));
    }

    [Fact]
    public async Task LegalPerson_IsKept()
    {
        var person = await host.AddTenantAsync();

        var created = await person.SendAsync(HttpMethod.Post, person.Holders, Legal);

        Assert.Equal("Charles", created.Body.GetProperty("legalPerson").GetProperty("representative").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Document_IsFound_HoweverItIsPunctuated_AndInItsOrganizationOnly()
    {
        var person = await host.AddTenantAsync();
        var created = await person.CreateAsync("123.456.789-09");
        await person.CreateAsync("123.456.789-10");

        var found = await person.SearchAsync("12345678909");
        var elsewhere = await person.SendAsync(HttpMethod.Post, $"/v1/organizations/{Guid.NewGuid()}/holders/search", new { document = "12345678909" });

        Assert.Equal(created.Id, Assert.Single(found.Items).GetProperty("id").GetString());
        Assert.Empty(elsewhere.Items);
        Assert.Empty((await person.SearchAsync("1234567890")).Items);
    }

    [Fact]
    public async Task Document_IsTakenOnce_AlsoByManyAtTheSameTime()
    {
        var person = await host.AddTenantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => person.CreateAsync(n % 2 == 0 ? "AB-1" : "ab1")));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(7, answers.Count(answer => (answer.Status, answer.Code) == (409, "CRM-0001")));
    }

    [Fact]
    public async Task Lists_ArePaged_AndTakeNoDocumentInTheAddress()
    {
        var person = await host.AddTenantAsync();
        foreach (var n in Enumerable.Range(1, 3))
            await person.CreateAsync($"doc-{n}", $"Person {n}");

        var first = await person.SendAsync(HttpMethod.Get, $"{person.Holders}?limit=2");
        var rest = await person.SendAsync(HttpMethod.Get, $"{person.Holders}?limit=2&cursor={first.Body.GetProperty("nextCursor").GetString()}");
        var refused = await person.SendAsync(HttpMethod.Get, $"{person.Holders}?document=doc-1");

        Assert.Equal(["Person 1", "Person 2"], first.Items.Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(["Person 3"], rest.Items.Select(item => item.GetProperty("name").GetString()));
        Assert.Equal((400, "0009"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("""{"type":"PERSON","name":"x","document":"1"}""", "type")]
    [InlineData("""{"type":"NATURAL_PERSON","document":"1"}""", "name")]
    [InlineData("""{"type":"NATURAL_PERSON","name":"x","document":"--"}""", "document")]
    [InlineData("""{"type":"NATURAL_PERSON","name":"x","document":"1","legalPerson":{"size":"big"}}""", "legalPerson")]
    [InlineData("""{"type":"NATURAL_PERSON","name":"x","document":"1","naturalPerson":{"birthDate":"10.12.1815"}}""", "naturalPerson.birthDate")]
    [InlineData("""{"type":"NATURAL_PERSON","name":"x","document":"1","contact":{"primaryEmail":"nobody"}}""", "contact.primaryEmail")]
    [InlineData("""{"type":"NATURAL_PERSON","name":"x","document":"1","addresses":{"primary":{"country":"Brazil"}}}""", "addresses.primary.country")]
    [InlineData("""{"type":"NATURAL_PERSON","name":"x","document":"1","addresses":{"primary":{"line1":"a\u0007"}}}""", "addresses.primary.line1")]
    [InlineData("""{"type":"NATURAL_PERSON","name":"x","document":"1","metadata":{"a":{}}}""", "metadata")]
    public async Task BadHolder_IsRefused_AndTheFieldIsNamed(string body, string field)
    {
        var person = await host.AddTenantAsync();

        var answer = await person.SendAsync(HttpMethod.Post, person.Holders, body);

        Assert.Equal((400, "0009"), (answer.Status, answer.Code));
        Assert.Equal([field], answer.Body.GetProperty("fields").EnumerateObject().Select(one => one.Name));
    }

    [Fact]
    public async Task TypeAndDocument_CannotBeChanged_NorFieldsThatThereAreNot()
    {
        var person = await host.AddTenantAsync();
        var path = $"{person.Holders}/{(await person.CreateAsync("1")).Id}";

        Assert.Equal("0009", (await person.SendAsync(HttpMethod.Patch, path, new { document = "2" })).Code);
        Assert.Equal("0009", (await person.SendAsync(HttpMethod.Patch, path, new { legalPerson = new { size = "big" } })).Code);
        Assert.Equal("0094", (await person.SendAsync(HttpMethod.Patch, path, new { nickname = "x" })).Code);
        Assert.Equal("0009", (await person.SendAsync(HttpMethod.Get, $"{person.Holders}/abc")).Code);
    }

    [Fact]
    public async Task Idempotency_SameRequestTwice_TakesEffectOnce_AndTheAnswerIsTheSame()
    {
        var person = await host.AddTenantAsync();

        var first = await person.CreateAsync("1", idempotency: "key-1");
        var second = await person.CreateAsync("1", idempotency: "key-1");
        var other = await person.CreateAsync("2", idempotency: "key-1");

        Assert.Equal((201, false), (first.Status, first.IsReplayed));
        Assert.Equal((201, true, first.Text), (second.Status, second.IsReplayed, second.Text));
        Assert.Equal(422, other.Status);
        Assert.Equal("no-store", second.CacheControl);
    }

    [Fact]
    public async Task Tenants_DoNotSeeEachOther()
    {
        var (one, other) = (await host.AddTenantAsync(), await host.AddTenantAsync());
        var created = await one.CreateAsync("1");

        Assert.Equal(404, (await other.SendAsync(HttpMethod.Get, $"{one.Holders}/{created.Id}")).Status);
    }
}
