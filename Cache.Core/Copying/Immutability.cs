using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Cache.Core.Copying;

/// <summary>
/// Which types are surely immutable, so that all callers may have the same value: what HybridCache takes for it (texts, value types
/// without references, sealed types under <c>[ImmutableObject(true)]</c>), and what cannot be changed by its making: sealed
/// types all of whose fields are read-only and of such types, as most sealed records are.
/// </summary>
internal static class Immutability
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    /// <summary>Whether nobody can change a value of this type. In doubt it is not so.</summary>
    public static bool IsProven<T>() => !RuntimeHelpers.IsReferenceOrContainsReferences<T>() || Known.GetOrAdd(typeof(T), static one => IsProven(one, []));

    /// <param name="type">The type.</param>
    /// <param name="asked">Types that are being looked at: one that holds itself is not mutable for that.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that was trimmed away is one that nobody changes.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that was trimmed away is one that nobody changes.")]
    private static bool IsProven(Type type, HashSet<Type> asked)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(Uri) || type == typeof(Version))
            return true;
        if (type.IsArray || type.IsPointer || type.IsInterface || !type.IsSealed || typeof(Delegate).IsAssignableFrom(type))
            return false;
        if (type.GetCustomAttribute<ImmutableObjectAttribute>(inherit: false) is { } said)
            return said.Immutable;
        if (!asked.Add(type))
            return true;

        // Compiled ahead of time, a field may be there and not be seen: no proof.
        if (!RuntimeFeature.IsDynamicCodeSupported)
            return false;
        for (var part = type; part is not null && part != typeof(object) && part != typeof(ValueType); part = part.BaseType)
        {
            // A value type is a copy already when it is handed out; only what it refers to can be changed for others.
            if (!Array.TrueForAll(part.GetFields(Fields), field => (type.IsValueType || field.IsInitOnly) && IsProven(field.FieldType, asked)))
                return false;
        }

        return true;
    }
}
