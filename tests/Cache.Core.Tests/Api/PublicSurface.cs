using System.Globalization;
using System.Reflection;
using System.Text;

namespace Cache.Core.Tests.Api;

/// <summary>An assembly's public surface as text: every type, and under it every member that it declares, with defaults and nullability.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    /// <summary>The types by full name, the members by name.</summary>
    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Describe(type)).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
                text.Append("  ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Describe(Type type)
    {
        var kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsSealed ? "sealed class"
            : type.IsAbstract ? "abstract class" : "class";
        var bases = (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) ? [parent] : (Type[])[])
            .Concat(type.IsEnum ? [] : type.GetInterfaces().Where(one => one.IsPublic && !IsCompilerMade(one) && one != typeof(System.Runtime.Serialization.ISerializable)).OrderBy(one => one.Name, StringComparer.Ordinal));
        var inherits = string.Join(", ", bases.Select(Name));
        return $"{kind} {type.Namespace}.{Name(type)}{(inherits.Length == 0 ? string.Empty : $" : {inherits}")}";
    }

    private static IEnumerable<string> Members(Type type) => type.GetMembers(Declared).Where(IsVisible).Select(Describe).OfType<string>();

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsSpecialName: true } => null,
        FieldInfo { DeclaringType.IsEnum: true } value => $"{value.Name} = {Convert.ToInt64(value.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo { IsLiteral: true } constant => $"const {Name(constant.FieldType)} {constant.Name} = {Literal(constant.GetRawConstantValue())}",
        FieldInfo field => $"{Static(field.IsStatic)}{Name(Nullability.Create(field))} {field.Name}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        PropertyInfo property => $"{Static(property.GetMethod?.IsStatic == true)}{Name(Nullability.Create(property))} {property.Name} {{ {Accessors(property)} }}",
        EventInfo raised => $"event {Name(raised.EventHandlerType!)} {raised.Name}",
        MethodInfo { IsSpecialName: true, Name: var name } when !name.StartsWith("op_", StringComparison.Ordinal) => null,
        MethodInfo method => $"{Static(method.IsStatic)}{Name(Nullability.Create(method.ReturnParameter))} {Name(method)}({Parameters(method)})",
        _ => null,
    };

    private static bool IsVisible(MemberInfo member) => member switch
    {
        // What records and structs get from the compiler says nothing.
        MethodInfo { Name: "PrintMembers" or "<Clone>$" or "GetHashCode" or "Equals" or "ToString" or "Deconstruct" or "op_Equality" or "op_Inequality" } => false,
        PropertyInfo { Name: "EqualityContract" } => false,
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily,
        PropertyInfo property => property.GetAccessors(nonPublic: false).Length > 0,
        EventInfo raised => raised.AddMethod?.IsPublic == true,
        _ => false,
    };

    private static bool IsCompilerMade(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEquatable<>);

    private static string Accessors(PropertyInfo property)
    {
        var set = property.SetMethod is not { IsPublic: true } setter ? string.Empty
            : setter.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? " init;" : " set;";
        return (property.GetMethod is { IsPublic: true } ? "get;" : string.Empty) + set;
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : string.Empty)}{Name(Nullability.Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : string.Empty)}"));

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    private static string Static(bool isStatic) => isStatic ? "static " : string.Empty;

    private static string Name(MethodInfo method) =>
        method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : method.Name;

    private static string Name(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        var mark = !type.IsValueType && !type.IsGenericParameter && info.ReadState == NullabilityState.Nullable ? "?" : string.Empty;
        if (Nullable.GetUnderlyingType(type) is not null || !type.IsGenericType || info.GenericTypeArguments.Length == 0)
            return (info.ElementType is { } element ? $"{Name(element)}[]" : Name(type)) + mark;
        return $"{Bare(type)}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>{mark}";
    }

    private static string Name(Type type) =>
        type.IsByRef ? Name(type.GetElementType()!)
        : type.IsArray ? $"{Name(type.GetElementType()!)}[]"
        : Nullable.GetUnderlyingType(type) is { } inner ? $"{Name(inner)}?"
        : type.IsGenericType ? $"{Bare(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : Keywords.GetValueOrDefault(type, type.Name);

    private static string Bare(Type type) => type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
}
