using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using TenantPlatform.Hosting.Containers;

namespace TenantPlatform.Hosting.Tests.Application;

/// <summary>What an AppHost may say, and what is said to one that is wrong.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("two words")]
    [InlineData("a--b")]
    [InlineData("a-")]
    public void InvalidName_IsRefused(string name) =>
        Assert.ThrowsAny<Exception>(() => DistributedApplicationTestingBuilder.Create().AddExecutable(name, "true", "."));

    [Fact]
    public void DuplicateName_IsRefused_ByName()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("twin", "true", ".");

        var error = Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("Twin", "true", "."));

        Assert.Contains("Twin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DuplicateEndpoint_IsRefused() =>
        Assert.Throws<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.Create().AddExecutable("web", "true", ".").WithHttpEndpoint().WithHttpEndpoint());

    [Fact]
    public void WaitingForItself_IsRefused()
    {
        var one = DistributedApplicationTestingBuilder.Create().AddExecutable("one", "true", ".");

        Assert.Throws<DistributedApplicationException>(() => one.WaitFor(one));
    }

    [Fact]
    public async Task Parameter_IsReadFromConfiguration_OrNamedAsMissing()
    {
        var builder = DistributedApplicationTestingBuilder.Create("--Parameters:color=green");

        Assert.Equal("green", await builder.AddParameter("color").Resource.GetValueAsync(CancellationToken.None));
        var error = Assert.Throws<DistributedApplicationException>(() => builder.AddParameter("shape").Resource.GetValueAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
        Assert.Contains("Parameters:shape", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GeneratedParameter_IsLongEnough_AndStaysTheSame()
    {
        var parameter = DistributedApplicationTestingBuilder.Create()
            .AddParameter("secret", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true).Resource;

        var value = await parameter.GetValueAsync(CancellationToken.None);

        Assert.Equal(40, value!.Length);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.Equal(value, await parameter.GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public void WithImageTag_AndSHA256_NameTheImage_AndTheDigestCounts()
    {
        var digest = new string('a', 64);
        var container = DistributedApplicationTestingBuilder.Create().AddContainer("web", "library/nginx", "1.29").WithImageRegistry("registry.example:5000");
        Assert.Equal("registry.example:5000/library/nginx:1.29", ContainerSource.ImageOf(container.Resource));
        container.WithImageTag("1.30");
        Assert.Equal("registry.example:5000/library/nginx:1.30", ContainerSource.ImageOf(container.Resource));

        container.WithImageSHA256(digest);

        Assert.Equal($"registry.example:5000/library/nginx@sha256:{digest}", ContainerSource.ImageOf(container.Resource));
    }

    [Fact]
    public void WithExternalHttpEndpoints_MarksTheHttpEndpoints_AndNoOthers()
    {
        var web = DistributedApplicationTestingBuilder.Create().AddExecutable("web", "true", ".")
            .WithHttpEndpoint().WithEndpoint(name: "secure", scheme: "https").WithEndpoint(name: "raw", scheme: "tcp");

        web.WithExternalHttpEndpoints();

        Assert.Equal(
            [("http", true), ("raw", false), ("secure", true)],
            web.Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (endpoint.Name, endpoint.IsExternal)).Order());
    }
}
