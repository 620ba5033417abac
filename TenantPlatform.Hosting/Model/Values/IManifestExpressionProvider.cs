namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value's symbolic form, such as <c>{valkey.connectionString}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The symbolic form.</summary>
    string ValueExpression { get; }
}
