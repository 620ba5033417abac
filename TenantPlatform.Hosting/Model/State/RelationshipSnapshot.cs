namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a resource stands to another one.</summary>
/// <param name="ResourceName">The other one.</param>
/// <param name="Type">How: <c>Reference</c>, <c>WaitFor</c>, <c>Parent</c>, or one of the AppHost's own.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);
