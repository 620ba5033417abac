using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.Hosting;
using TenantPlatform.Hosting.Running;
using TenantPlatform.Hosting.Testing;

namespace Aspire.Hosting;

/// <summary>Describes an application that this machine runs as processes.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly Interception? _interception;

    /// <summary>Creates a builder.</summary>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>Creates a builder.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
        : this(options, isTest: Interception.Current is not null)
    {
    }

    internal DistributedApplicationBuilder(DistributedApplicationOptions options, bool isTest)
    {
        ArgumentNullException.ThrowIfNull(options);
        _interception = Interception.Current;
        AppHostAssembly = _interception?.AppHost
            ?? (options.AssemblyName is { } name ? Assembly.Load(new AssemblyName(name)) : Assembly.GetEntryAssembly());
        AppHostDirectory = options.ProjectDirectory ?? AppHostInfo.Directory(AppHostAssembly) ?? Directory.GetCurrentDirectory();
        _host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = _interception?.Arguments ?? options.Args,
            ContentRootPath = AppHostDirectory,
            ApplicationName = AppHostAssembly?.GetName().Name,
            EnvironmentName = System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development,
        });
        var run = new RunContext(AppHostDirectory, isTest, AppHostInfo.UserSecretsId(AppHostAssembly));
        Services.AddSingleton(options);
        ConfigureServices(run);
        _interception?.Created(this);
    }

    /// <inheritdoc/>
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc/>
    public string AppHostDirectory { get; }

    /// <inheritdoc/>
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc/>
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc/>
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc/>
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    /// <inheritdoc/>
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc/>
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc/>
    public DistributedApplication Build()
    {
        _interception?.WaitUntilDescribed();
        var application = new DistributedApplication(_host.Build(), isIntercepted: _interception is not null);
        _interception?.Built(application);
        return application;
    }

    private void ConfigureServices(RunContext run)
    {
        if (!run.IsTest)
        {
            DescriptionFailures.ShowAsOneLine();
            UserSecrets.AddTo(Configuration, run.UserSecretsId);
        }

        Services.AddSingleton(run);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(provider => new ResourceNotificationService(provider));
        Services.AddSingleton(_ => new ResourceLoggerService());
        Services.AddSingleton<Orchestrator>();
        Services.AddSingleton(provider => new ResourceCommandService(provider));
        Services.AddSingleton<Observatory>();
        Services.AddHostedService(provider => provider.GetRequiredService<Observatory>());
        Services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
        Services.AddHealthChecks();
        Services.AddHttpClient();
        Services.Configure<HostOptions>(options => options.ShutdownTimeout = Orchestrator.StopLimit * 2.5);
        Services.AddSingleton<ConsoleReporter>();

        // A resource that is not up yet is no error; the console says what state it is in.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);

        // A failure to start is thrown as well, and shown once.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        _host.Logging.AddSimpleConsole(console => console.SingleLine = true);
        if (run.IsTest)
            _host.Logging.ClearProviders();
        else
            Services.AddHostedService(provider => provider.GetRequiredService<ConsoleReporter>());
    }
}
