using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TenantPlatform.ServiceDefaults.Http;

namespace Ledger.Api.Amounts;

/// <summary>Decimals travel as texts or numbers and are kept exactly; they are written as texts.</summary>
internal sealed class AmountConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan),
            _ => throw new UnexpectedValueException(Amount.Expected),
        };
        return Amount.TryParse(text, out var amount) ? amount : throw new UnexpectedValueException(Amount.Expected);
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteStringValue(Amount.Format(value));
}
