namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside: configuration, or generated once.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    /// <summary>Creates a parameter.</summary>
    /// <param name="name">Its name; configuration has its value as <c>Parameters:name</c>.</param>
    /// <param name="callback">Finds the value, given the default.</param>
    /// <param name="secret">Whether it is never to be shown.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Secret = secret;
        _value = new Lazy<string>(() => callback(Default));
    }

    /// <summary>What it is when nothing is configured.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>Whether it is never to be shown.</summary>
    public bool Secret { get; }

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(_value.Value);
}
