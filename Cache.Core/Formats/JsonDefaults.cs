using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Cache.Core.Formats;

/// <summary>
/// How values look as JSON when nobody says otherwise. Where reflection over types is off, as in programs that are trimmed or compiled
/// ahead of time, only types are known whose <c>JsonSerializerContext</c> the application gives with its options.
/// </summary>
internal static class JsonDefaults
{
    private const string Reason = "Reflection is used only where the feature switch leaves it on; without it a type that is not known is refused by name.";

    /// <summary>Web defaults.</summary>
    public static JsonSerializerOptions Web { get; } = Of(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>The same for types whose state is in fields.</summary>
    public static JsonSerializerOptions WithFields { get; } = Of(new JsonSerializerOptions(JsonSerializerDefaults.Web) { IncludeFields = true });

    /// <summary>What a type looks like.</summary>
    /// <exception cref="NotSupportedException">The options do not know the type.</exception>
    public static JsonTypeInfo<T> TypeInfo<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)Of(options).GetTypeInfo(typeof(T));

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Reason)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Reason)]
    private static JsonSerializerOptions Of(JsonSerializerOptions options)
    {
        if (options.IsReadOnly)
            return options;
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.MakeReadOnly(populateMissingResolver: true);
            return options;
        }

        options.TypeInfoResolver ??= JsonTypeInfoResolver.Combine();
        options.MakeReadOnly();
        return options;
    }
}
