using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

namespace Cache.Core.Formats;

/// <summary>Types such as tuples, whose state is in public fields: JSON without fields writes <c>{}</c> for them and reads nothing.</summary>
internal static class FieldTypes
{
    /// <summary>Whether the type is one, or holds one in a property or as an element.</summary>
    /// <remarks>Where there is no reflection, whoever describes the type has decided that already.</remarks>
    public static bool Holds(Type type) => JsonSerializer.IsReflectionEnabledByDefault && Holds(type, []);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Asked only where the feature switch leaves reflection on.")]
    private static bool Holds(Type type, HashSet<Type> asked)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || !asked.Add(type))
            return false;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Holds(underlying, asked);
        if (typeof(IEnumerable).IsAssignableFrom(type))
            return type.IsArray ? Holds(type.GetElementType()!, asked) : Array.Exists(type.GetGenericArguments(), one => Holds(one, asked));
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public);
        return properties.Length > 0
            ? Array.Exists(properties, property => Holds(property.PropertyType, asked))
            : type.GetFields(BindingFlags.Instance | BindingFlags.Public).Length > 0;
    }
}
