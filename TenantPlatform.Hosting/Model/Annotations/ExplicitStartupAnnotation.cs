namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource starts when it is told to, not with the application.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;
