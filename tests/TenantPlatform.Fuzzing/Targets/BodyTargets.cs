using System.Buffers;
using System.Text;
using System.Text.Json;
using Ledger.Api;
using Ledger.Api.Accounts;
using Ledger.Api.Amounts;
using Ledger.Api.Assets;
using Ledger.Api.Ledgers;
using Ledger.Api.Organizations;
using Ledger.Api.Transactions;
using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.ServiceDefaults.Http;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Validation;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Bodies of the ledger's requests, and what is kept of requests.</summary>
internal static class BodyTargets
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A transaction: what is let through moves exactly its value, on both sides.</summary>
    public static void Transaction(byte[] input)
    {
        if (Read<TransactionBody>(input) is not { } body)
            return;
        Finding.Unless(Json(Deserialize<TransactionBody>(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Json(body))))) == Json(body), "a body is read as it was written");
        foreach (var split in Splits(input.Length))
            Finding.Unless(Json(Deserialize<TransactionBody>(Split(input, split))) == Json(body), "a body means the same however it came");
        try
        {
            var legs = TransactionValidation.Check(body, Now);
            foreach (var side in (IReadOnlyList<Leg>[])[legs.From, legs.To])
            {
                Finding.Unless(side.Sum(static leg => leg.Amount) == body.Send!.Value, "a side adds up to the value");
                foreach (var leg in side)
                {
                    Finding.Unless(leg.Amount > 0 && Amount.TryParse(Amount.Format(leg.Amount), out var same) && same == leg.Amount, "a leg moves an amount above zero that can be stored");
                    CheckMetadata(leg.Metadata);
                }
            }
        }
        catch (ApiException)
        {
            // As documented.
        }
    }

    /// <summary>The other bodies.</summary>
    public static void Others(byte[] input)
    {
        Check(Read<AccountBody>(input), static body => body.Metadata);
        Check(Read<AssetBody>(input), static body => body.Metadata);
        Check(Read<OrganizationBody>(input), static body => body.Metadata);
        Check(Read<LedgerBody>(input), static body => body.Metadata);
    }

    /// <summary>An amount as a text.</summary>
    public static void AmountText(byte[] input)
    {
        var text = Bytes.Text(input);
        if (!Amount.TryParse(text, out var amount))
            return;
        Finding.Unless(Amount.TryParse(Amount.Format(amount), out var same) && same == amount, "an amount is read as it was written");
        Finding.Unless(Plain(text) == Plain(Amount.Format(amount)), "no digit is lost");
    }

    /// <summary>What tells two requests with one idempotency key apart, and what is kept of the first.</summary>
    public static void Idempotency(byte[] input)
    {
        if (CanonicalJson.TryRewrite(input) is { } canonical)
            Finding.Unless(CanonicalJson.TryRewrite(canonical) is { } again && again.Span.SequenceEqual(canonical.Span), "what is canonical stays as it is");
        if (IdempotencyRecord.TryRead(input) is { } record)
            Finding.Unless(IdempotencyRecord.TryRead(record.ToBytes()) is { } same && same.ToBytes().AsSpan().SequenceEqual(record.ToBytes()), "a record is read as it was written");
    }

    private static void Check<T>(T? body, Func<T, IReadOnlyDictionary<string, JsonElement>?> metadata)
        where T : class
    {
        if (body is null)
            return;
        try
        {
            new FieldChecks("Entity").Metadata("metadata", metadata(body)).Done();
        }
        catch (ApiException)
        {
            return;
        }

        CheckMetadata(metadata(body));
        Finding.Unless(Json(Deserialize<T>(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Json(body))))) == Json(body), "a body is read as it was written");
    }

    /// <summary>What is stored is shown again.</summary>
    private static void CheckMetadata(IReadOnlyDictionary<string, JsonElement>? metadata)
    {
        if (MetadataText.Of(metadata) is not { } text)
            return;
        Finding.Unless(!text.Contains('\0', StringComparison.Ordinal), "metadata can be stored as a text");
        Finding.Unless(JsonSerializer.Serialize(MetadataText.Show(text)) == text, "metadata is shown as it was stored");
    }

    private static T? Read<T>(byte[] input)
        where T : class
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        request.Body = new MemoryStream(input);
        try
        {
            return JsonBody.ReadAsync<T>(request, LedgerJson.Reading).GetAwaiter().GetResult();
        }
        catch (UnreadableBodyException)
        {
            // As documented.
            return null;
        }
    }

    private static T Deserialize<T>(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return JsonSerializer.Deserialize<T>(ref reader, LedgerJson.Reading)!;
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, LedgerJson.Writing);

    /// <summary>At most a few places, spread over the whole.</summary>
    private static IEnumerable<int> Splits(int length) => Enumerable.Range(1, Math.Min(16, Math.Max(0, length - 1))).Select(n => (int)((long)n * length / 17)).Where(static at => at > 0).Distinct();

    private static ReadOnlySequence<byte> Split(byte[] bytes, int at)
    {
        var first = new Segment(bytes.AsMemory(0, at));
        var last = first.Append(bytes.AsMemory(at));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Without sign and zeros that say nothing.</summary>
    private static string Plain(string text)
    {
        var digits = text.TrimStart('+', '-').TrimStart('0');
        digits = digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;
        return digits.Length == 0 ? "0" : $"{(text[0] == '-' ? "-" : string.Empty)}{digits}";
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
