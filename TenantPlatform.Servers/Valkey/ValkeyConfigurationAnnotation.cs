using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>Further lines of a Valkey's configuration, made of the port it listens on.</summary>
internal sealed record ValkeyConfigurationAnnotation(Func<int, IEnumerable<string>> Lines) : IResourceAnnotation;
