namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that can stand in expressions.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
