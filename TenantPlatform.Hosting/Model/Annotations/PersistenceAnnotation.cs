using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Model;

/// <summary>When Valkey writes its data down.</summary>
internal sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChanged) : IResourceAnnotation;
