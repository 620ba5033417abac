using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace TenantPlatform.Servers.Tests.Model;

/// <summary>A Valkey in the application model is what Aspire's own would be.</summary>
public sealed class ValkeyModelTests
{
    private const string Secret = "of-the-model";
    private readonly IDistributedApplicationTestingBuilder _builder = DistributedApplicationTestingBuilder.Create();

    [Fact]
    public void Image_IsTheOfficialOne()
    {
        var valkey = Add();

        Assert.True(valkey.Resource.TryGetContainerImageName(out var image));
        Assert.Equal("docker.io/valkey/valkey:8.0", image);
    }

    [Fact]
    public void ConnectionString_IsReadByStackExchangeRedis()
    {
        Assert.Equal(
            "{valkey.bindings.tcp.host}:{valkey.bindings.tcp.port},password={valkey-secret.value}",
            Add().Resource.ConnectionStringExpression.ValueExpression);
        Assert.Equal("{open.bindings.tcp.host}:{open.bindings.tcp.port}", new ValkeyResource("open").ConnectionStringExpression.ValueExpression);
    }

    [Fact]
    public void ConnectionProperties_AreThoseOfAspire()
    {
        var properties = ((IResourceWithConnectionString)Add().Resource).GetConnectionProperties().ToDictionary(property => property.Key, property => property.Value.ValueExpression);

        Assert.Equal(["Host", "Port", "Password", "Uri"], properties.Keys);
        Assert.StartsWith("valkey://:", properties["Uri"], StringComparison.Ordinal);
    }

    [Fact]
    public void PasswordThatNobodyGave_IsGenerated_AsASecret()
    {
        var password = _builder.AddValkey("valkey").Resource.PasswordParameter;

        Assert.NotNull(password);
        Assert.Equal("valkey-password", password.Name);
        Assert.True(password.Secret);
    }

    [Fact]
    public async Task Password_IsInTheEnvironment_AndNotOnTheCommandLine()
    {
        var valkey = Add();

        Assert.DoesNotContain(Secret, await CommandLineAsync(valkey), StringComparison.Ordinal);
        Assert.Contains("--requirepass \"$VALKEY_PASSWORD\"", await CommandLineAsync(valkey), StringComparison.Ordinal);
        Assert.Equal(Secret, (await EnvironmentAsync(valkey))["VALKEY_PASSWORD"]);
    }

    [Fact]
    public async Task Server_TakesTheShellsPlace_SoThatItIsToldToStop() =>
        Assert.StartsWith("-c exec valkey-server ", await CommandLineAsync(Add()), StringComparison.Ordinal);

    [Fact]
    public async Task WithoutPersistence_NothingIsSaved() =>
        Assert.EndsWith("--save ''", await CommandLineAsync(Add()), StringComparison.Ordinal);

    [Fact]
    public async Task WithDataVolume_DataAreSaved_InTheVolume()
    {
        var valkey = Add().WithDataVolume("kept");

        var mount = Assert.Single(valkey.Resource.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal((ContainerMountType.Volume, "kept", "/data", false), (mount.Type, mount.Source, mount.Target, mount.IsReadOnly));
        Assert.EndsWith("--save 60 1", await CommandLineAsync(valkey), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithReadOnlyVolume_NothingIsSaved() =>
        Assert.EndsWith("--save ''", await CommandLineAsync(Add().WithDataVolume("kept", isReadOnly: true)), StringComparison.Ordinal);

    [Fact]
    public async Task WithPersistence_SaysHowOften_AndTheLastWordCounts() =>
        Assert.EndsWith("--save 5 10", await CommandLineAsync(Add().WithDataVolume("kept").WithPersistence(TimeSpan.FromSeconds(5), 10)), StringComparison.Ordinal);

    [Fact]
    public void Health_IsChecked() =>
        Assert.Equal("valkey_check", Assert.Single(Add().Resource.Annotations.OfType<HealthCheckAnnotation>()).Key);

    private static async Task<string> CommandLineAsync(IResourceBuilder<ValkeyResource> valkey)
    {
        var arguments = new List<object>();
        foreach (var callback in valkey.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await callback.Callback(new CommandLineArgsCallbackContext(arguments, valkey.Resource));
        return string.Join(' ', arguments);
    }

    private static async Task<Dictionary<string, string?>> EnvironmentAsync(IResourceBuilder<ValkeyResource> valkey)
    {
        var context = new EnvironmentCallbackContext(valkey.ApplicationBuilder.ExecutionContext, valkey.Resource);
        foreach (var callback in valkey.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await callback.Callback(context);
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in context.EnvironmentVariables)
            values[name] = value is IValueProvider provider ? await provider.GetValueAsync(CancellationToken.None) : value.ToString();
        return values;
    }

    private IResourceBuilder<ValkeyResource> Add() => _builder.AddValkey("valkey", password: _builder.AddParameter("valkey-secret", Secret, secret: true));
}
