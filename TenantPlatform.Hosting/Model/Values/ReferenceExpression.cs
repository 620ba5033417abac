using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text made of other values, known when they are.</summary>
public class ReferenceExpression : IExpressionValue
{
    /// <summary>The empty text.</summary>
    public static readonly ReferenceExpression Empty = new([]);

    private readonly IReadOnlyList<object> _parts;

    private ReferenceExpression(IReadOnlyList<object> parts) => _parts = parts;

    /// <summary>The values that the text is made of.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders => [.. _parts.OfType<IValueProvider>()];

    /// <inheritdoc/>
    public string ValueExpression => string.Concat(_parts.Select(part => part is IManifestExpressionProvider value ? value.ValueExpression : part));

    /// <summary>Makes an expression of an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new([.. handler.Parts]);

    /// <inheritdoc/>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
            text.Append(part is IValueProvider value ? await value.GetValueAsync(cancellationToken) : (string)part);
        return text.ToString();
    }

    /// <summary>What the compiler turns an interpolated string into.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        private readonly List<object> _parts;

        /// <summary>Called by the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) => _parts = new List<object>((formattedCount * 2) + 1);

        internal readonly IReadOnlyList<object> Parts => _parts;

        /// <summary>Appends a text as it is.</summary>
        public readonly void AppendLiteral(string value) => _parts.Add(value);

        /// <summary>Appends a text.</summary>
        public readonly void AppendFormatted(string? value) => _parts.Add(value ?? string.Empty);

        /// <summary>Appends a value that is known later.</summary>
        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _parts.Add(valueProvider);

        /// <summary>Appends the value of a resource.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider
        {
            ArgumentNullException.ThrowIfNull(valueProvider);
            _parts.Add(valueProvider.Resource);
        }
    }
}
