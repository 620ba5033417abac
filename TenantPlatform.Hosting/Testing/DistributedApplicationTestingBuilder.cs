using TenantPlatform.Hosting.Testing;

namespace Aspire.Hosting.Testing;

/// <summary>Takes hold of the application that an AppHost describes.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Describes an application in the test itself.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        var builder = new DistributedApplicationBuilder(new DistributedApplicationOptions { Args = args }, isTest: true);
        return new TestingBuilder(builder, _ => Task.FromResult(builder.Build()));
    }

    /// <summary>Describes the application of the AppHost that <typeparamref name="TEntryPoint"/> belongs to.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Describes the application of the AppHost that <typeparamref name="TEntryPoint"/> belongs to, with a command line.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Describes the application of the AppHost that a type belongs to, with a command line.</summary>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        var interception = new Interception(entryPoint.Assembly, args);
        var builder = await interception.RunAsync(cancellationToken);
        await interception.DescribedAsync(cancellationToken);
        return new TestingBuilder(builder, interception.BuildAsync);
    }
}
