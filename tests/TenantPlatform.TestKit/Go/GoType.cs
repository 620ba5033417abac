using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TenantPlatform.TestKit.Go;

/// <summary>
/// A type of Go as its <c>encoding/json</c> treats it, so that tests see what a program in Go would make of a text: fields are found by
/// name whatever their case, unknown ones are dropped, a value of another kind is an error, <c>null</c> and absence leave the zero value.
/// </summary>
public abstract partial record GoType
{
    public static readonly GoType Text = new Scalar("string", JsonValue.Create(string.Empty), value => value.ValueKind == JsonValueKind.String);
    public static readonly GoType Number = new Scalar("int", JsonValue.Create(0), value => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _));
    public static readonly GoType Flag = new Scalar("bool", JsonValue.Create(false), value => value.ValueKind is JsonValueKind.True or JsonValueKind.False);
    public static readonly GoType Time = new Moment();
    public static readonly GoType Raw = new Scalar("json.RawMessage", JsonValue.Create((string?)null), _ => true);

    private GoType()
    {
    }

    /// <summary>A pointer: nil without a value.</summary>
    public GoType Pointer => new Reference(this);

    public static GoType Map(GoType values) => new Table(values);

    public static GoType Slice(GoType items) => new Sequence(items);

    /// <param name="name">What the structure is called.</param>
    /// <param name="fields">Its fields in order: the JSON name, with <c>,omitempty</c> or <c>,omitzero</c> behind it as in Go's tags.</param>
    public static GoType Struct(string name, params (string Tag, GoType Type)[] fields) =>
        new Structure(name, [.. fields.Select(field => (field.Tag.Split(',')[0], field.Tag.Contains(",omit", StringComparison.Ordinal), field.Type))]);

    /// <summary>What <c>json.Marshal</c> writes of what <c>json.Unmarshal</c> reads from a text.</summary>
    /// <exception cref="JsonException"><c>json.Unmarshal</c> returns an error.</exception>
    public string Remarshal(string text)
    {
        using var document = JsonDocument.Parse(text);
        var value = Unmarshal(document.RootElement, "$");

        // json.Marshal escapes these for HTML, and little else beyond ASCII.
        return (value?.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "null")
            .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    protected abstract JsonNode? Zero();

    protected abstract bool IsEmpty(JsonNode? value);

    protected abstract JsonNode? UnmarshalValue(JsonElement value, string path);

    private JsonNode? Unmarshal(JsonElement value, string path) => value.ValueKind == JsonValueKind.Null ? Zero() : UnmarshalValue(value, path);

    private static JsonException Wrong(JsonElement value, string path, string type) =>
        new(string.Create(CultureInfo.InvariantCulture, $"json: cannot unmarshal {value.ValueKind} into {path} of type {type}"));

    private sealed record Scalar(string Name, JsonNode? ZeroValue, Func<JsonElement, bool> Fits) : GoType
    {
        protected override JsonNode? Zero() => ZeroValue?.DeepClone();

        protected override bool IsEmpty(JsonNode? value) => JsonNode.DeepEquals(value, ZeroValue);

        protected override JsonNode? UnmarshalValue(JsonElement value, string path) => Fits(value) ? JsonNode.Parse(value.GetRawText()) : throw Wrong(value, path, Name);
    }

    private sealed partial record Moment : GoType
    {
        private const string ZeroTime = "0001-01-01T00:00:00Z";

        protected override JsonNode? Zero() => ZeroTime;

        protected override bool IsEmpty(JsonNode? value) => value?.GetValue<string>() == ZeroTime;

        protected override JsonNode? UnmarshalValue(JsonElement value, string path)
        {
            if (value.ValueKind != JsonValueKind.String || Rfc3339().Match(value.GetString()!) is not { Success: true } parts)
                throw Wrong(value, path, "time.Time");
            var fraction = parts.Groups["fraction"].Value.TrimEnd('0');
            return parts.Groups["seconds"].Value + (fraction.Length > 1 ? fraction : string.Empty) + (parts.Groups["zone"].Value is "+00:00" ? "Z" : parts.Groups["zone"].Value);
        }

        [GeneratedRegex(@"^(?<seconds>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?<fraction>\.\d{1,9})?(?<zone>Z|[+-]\d\d:\d\d)$", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex Rfc3339();
    }

    private sealed record Reference(GoType To) : GoType
    {
        protected override JsonNode? Zero() => null;

        protected override bool IsEmpty(JsonNode? value) => value is null;

        protected override JsonNode? UnmarshalValue(JsonElement value, string path) => To.Unmarshal(value, path);
    }

    private sealed record Table(GoType Values) : GoType
    {
        protected override JsonNode? Zero() => null;

        protected override bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 };

        protected override JsonNode? UnmarshalValue(JsonElement value, string path) => value.ValueKind == JsonValueKind.Object
            ? new JsonObject(value.EnumerateObject().OrderBy(one => one.Name, StringComparer.Ordinal)
                .Select(one => KeyValuePair.Create(one.Name, Values.Unmarshal(one.Value, $"{path}.{one.Name}"))))
            : throw Wrong(value, path, "map");
    }

    private sealed record Sequence(GoType Items) : GoType
    {
        protected override JsonNode? Zero() => null;

        protected override bool IsEmpty(JsonNode? value) => value is null or JsonArray { Count: 0 };

        protected override JsonNode? UnmarshalValue(JsonElement value, string path) => value.ValueKind == JsonValueKind.Array
            ? new JsonArray([.. value.EnumerateArray().Select(one => Items.Unmarshal(one, path + "[]"))])
            : throw Wrong(value, path, "slice");
    }

    private sealed record Structure(string Name, IReadOnlyList<(string Name, bool OmitsEmpty, GoType Type)> Fields) : GoType
    {
        protected override JsonNode? Zero() => Of(field => field.Type.Zero());

        protected override bool IsEmpty(JsonNode? value) => false;

        protected override JsonNode? UnmarshalValue(JsonElement value, string path)
        {
            if (value.ValueKind != JsonValueKind.Object)
                throw Wrong(value, path, Name);
            return Of(field => Find(value, field.Name) is { } found ? field.Type.Unmarshal(found, $"{path}.{field.Name}") : field.Type.Zero());
        }

        private static JsonElement? Find(JsonElement value, string name) => value.TryGetProperty(name, out var found)
            ? found
            : value.EnumerateObject().Where(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(one => (JsonElement?)one.Value).FirstOrDefault();

        private JsonObject Of(Func<(string Name, bool OmitsEmpty, GoType Type), JsonNode?> read)
        {
            var result = new JsonObject();
            foreach (var field in Fields)
            {
                var value = read(field);
                if (!field.OmitsEmpty || !field.Type.IsEmpty(value))
                    result[field.Name] = value;
            }

            return result;
        }
    }
}
