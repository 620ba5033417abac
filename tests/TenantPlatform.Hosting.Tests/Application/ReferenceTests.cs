using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Tests.Application;

/// <summary>What resources are told of each other, and how that is shown.</summary>
public sealed class ReferenceTests : DescribedApplication
{
    [Fact]
    public async Task References_ToServicesOfAllKinds_BecomeVariables()
    {
        var web = Builder.AddExecutable("web", "sleep", ".", "60").WithHttpEndpoint().WithEndpoint(name: "raw");
        var key = Builder.AddParameter("key", "text");
        var external = Builder.AddExternalService("shop", "https://shop.example/");
        var connection = Builder.AddConnectionString("link", ReferenceExpression.Create($"host=there;port={web.GetEndpoint("raw").Property(EndpointProperty.Port)};key={key.Resource}"));
        Builder.Configuration["ConnectionStrings:elsewhere"] = "from configuration";
        var elsewhere = Builder.AddConnectionString("elsewhere");
        Builder.AddExecutable("show", "env", ".")
            .WithReference(external)
            .WithReference(connection, "own-name")
            .WithReference(elsewhere)
            .WithReference("docs", new Uri("https://docs.example/"))
            .WithReference(web.GetEndpoint("http"))
            .WithEnvironment("KEY", key)
            .WithArgs();
        var app = await StartAsync();

        var lines = await LinesOfEndedAsync(app, "show");

        Assert.Contains("services__shop__https__0=https://shop.example/", lines);
        Assert.Contains($"ConnectionStrings__own-name=host=there;port={web.GetEndpoint("raw").Port};key=text", lines);
        Assert.Contains("ConnectionStrings__elsewhere=from configuration", lines);
        Assert.Contains("services__docs__default__0=https://docs.example/", lines);
        Assert.Contains($"services__web__http__0={web.GetEndpoint("http").Url}", lines);
        Assert.Contains("KEY=text", lines);
    }

    [Fact]
    public async Task Relationships_AreShown()
    {
        var valkey = Builder.AddValkey("valkey");
        var postgres = Builder.AddPostgres("postgres");
        var books = postgres.AddDatabase("books");
        Builder.AddExecutable("worker", "sleep", ".", "60")
            .WithReference(valkey).WaitFor(valkey).WithReference(books).WithParentRelationship(postgres).WithRelationship(valkey, "Watches");
        Builder.AddExecutable("reader", "sleep", ".", "60").WithReferenceRelationship(books);
        var app = await StartAsync();

        Assert.Equal(
            [("books", "Reference"), ("postgres", "Parent"), ("valkey", "Reference"), ("valkey", "WaitFor"), ("valkey", "Watches")],
            Now(app, "worker").Relationships.Select(relationship => (relationship.ResourceName, relationship.Type)).Order());
        Assert.Contains(new RelationshipSnapshot("postgres", "Parent"), Now(app, "books").Relationships);
        Assert.Equal(new RelationshipSnapshot("books", "Reference"), Assert.Single(Now(app, "reader").Relationships));
    }

    [Fact]
    public async Task WithChildRelationship_ShowsTheChildBelowItsParent()
    {
        var child = Builder.AddExecutable("child", "sleep", ".", "60");
        var other = Builder.AddExecutable("other", "sleep", ".", "60");
        Builder.AddExecutable("parent", "sleep", ".", "60").WithChildRelationship(child).WithChildRelationship(other.Resource);
        var app = await StartAsync();

        Assert.Equal(new RelationshipSnapshot("parent", "Parent"), Assert.Single(Now(app, "child").Relationships));
        Assert.Equal(new RelationshipSnapshot("parent", "Parent"), Assert.Single(Now(app, "other").Relationships));
        Assert.Empty(Now(app, "parent").Relationships);
    }

    [Fact]
    public async Task Parameters_AreShown_SecretOnesWithoutTheirValue()
    {
        Builder.AddParameter("colour", "blue");
        Builder.AddParameter("key", "hunter2", secret: true);
        Builder.AddParameter("missing");
        var app = await StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("missing", KnownResourceStates.FailedToStart, Limit.Token);
        await app.ResourceNotifications.WaitForResourceAsync("key", KnownResourceStates.Running, Limit.Token);
        await app.ResourceNotifications.WaitForResourceAsync("colour", KnownResourceStates.Running, Limit.Token);

        Assert.Equal("blue", Property(Now(app, "colour"), "Value"));
        var secret = Now(app, "key").Properties.Single(property => property.Name == "Value");
        Assert.True(secret.IsSensitive);
        Assert.DoesNotContain("hunter2", Now(app, "key").ToString() + secret, StringComparison.Ordinal);
        Assert.Contains("Parameters:missing", Property(Now(app, "missing"), "resource.failure"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Urls_AreShownAsTheAppHostSays()
    {
        Builder.AddExecutable("web", "sleep", ".", "60")
            .WithHttpEndpoint()
            .WithUrlForEndpoint("http", url => url.DisplayText = "Front page")
            .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/openapi/v1.json", DisplayText = "API", DisplayOrder = 10 })
            .WithUrl("https://docs.example/", "Docs")
            .WithUrl("https://old.example/", "Old")
            .WithUrls(context => context.Urls.RemoveAll(url => url.DisplayText == "Old"));
        var app = await StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("web", cancellationToken: Limit.Token);

        var root = app.ResourceNotifications.TryGetCurrentState("web", out var now) ? now.Snapshot.Urls : [];

        Assert.Equal(["API", "Front page", "Docs"], root.Select(url => url.DisplayProperties.DisplayName));
        Assert.Equal($"{root[1].Url}/openapi/v1.json", root[0].Url);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("ftp://there/")]
    [InlineData("https://there/deeper")]
    public void AddExternalService_WithAnAddressThatIsNone_SaysSo(string url)
    {
        var error = Assert.Throws<ArgumentException>(() => Builder.AddExternalService("shop", url));

        Assert.Contains("'shop'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithEndpoint_SameNameTwice_SaysSo() =>
        Assert.Contains("two endpoints named 'http'", Assert.Throws<DistributedApplicationException>(
            () => Builder.AddExecutable("web", "sleep", ".", "60").WithHttpEndpoint().WithHttpEndpoint()).Message, StringComparison.Ordinal);
}
