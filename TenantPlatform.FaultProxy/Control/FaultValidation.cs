using System.Text.Json;
using TenantPlatform.FaultProxy.Faults;

namespace TenantPlatform.FaultProxy.Control;

/// <summary>Makes a fault of a body, or says what is wrong with it.</summary>
internal static class FaultValidation
{
    private const long MostBytesPerSecond = 10_000_000_000;
    private static readonly TimeSpan LongestLatency = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestDuration = TimeSpan.FromHours(24);

    /// <summary>Validates.</summary>
    /// <exception cref="ControlException">A field is missing, out of range, or does not belong to this kind of fault.</exception>
    public static Fault Validate(FaultBody body)
    {
        var kind = ReadWord("kind", body.Kind, Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.None))
            ?? throw ControlException.InvalidFault("The field 'kind' is missing; it is one of cut, blackhole, halfOpen, reset, slow, bandwidth.");
        RefuseForeign(kind, "latency", body.Latency is not null, FaultKind.Slow);
        RefuseForeign(kind, "jitter", body.Jitter is not null, FaultKind.Slow);
        RefuseForeign(kind, "bytesPerSecond", body.BytesPerSecond is not null, FaultKind.Bandwidth);
        RefuseForeign(kind, "direction", body.Direction is not null, FaultKind.HalfOpen, FaultKind.Slow, FaultKind.Bandwidth);
        var latency = kind == FaultKind.Slow ? ReadDuration("latency", body.Latency, TimeSpan.FromMicroseconds(1), LongestLatency) ?? throw Missing(kind, "latency", "50ms") : TimeSpan.Zero;
        return new Fault(kind)
        {
            Direction = ReadDirection(kind, body.Direction),
            Latency = latency,
            Jitter = ReadJitter(body.Jitter, latency),
            BytesPerSecond = kind == FaultKind.Bandwidth ? ReadRate(body.BytesPerSecond) : 0,
            Share = ReadShare(body.Share),
            Connections = ReadWord("connections", body.Connections, Enum.GetValues<ConnectionScope>()) ?? ConnectionScope.All,
            Duration = ReadDuration("for", body.For, TimeSpan.FromMilliseconds(1), LongestDuration),
        };
    }

    private static Directions ReadDirection(FaultKind kind, string? text)
    {
        Directions[] oneWay = [Directions.ToClient, Directions.ToServer];
        if (kind == FaultKind.HalfOpen)
            return ReadWord("direction", text, oneWay) ?? throw Missing(kind, "direction", "toClient");
        return ReadWord("direction", text, [.. oneWay, Directions.Both]) ?? Directions.Both;
    }

    private static TimeSpan ReadJitter(string? text, TimeSpan latency)
    {
        var jitter = ReadDuration("jitter", text, TimeSpan.Zero, LongestLatency) ?? TimeSpan.Zero;
        return jitter <= latency
            ? jitter
            : throw ControlException.InvalidFault("The field 'jitter' is larger than 'latency'; no chunk can arrive before it was sent.");
    }

    private static long ReadRate(long? rate) => rate switch
    {
        null => throw Missing(FaultKind.Bandwidth, "bytesPerSecond", "65536"),
        < 1 or > MostBytesPerSecond => throw ControlException.InvalidFault($"The field 'bytesPerSecond' must lie between 1 and {MostBytesPerSecond}; to let nothing pass, use blackhole."),
        _ => rate.Value,
    };

    private static double ReadShare(double? share) => share switch
    {
        null => 1,
        >= 0 and <= 1 => share.Value,
        _ => throw ControlException.InvalidFault("The field 'share' must lie between 0 and 1."),
    };

    private static TimeSpan? ReadDuration(string field, string? text, TimeSpan least, TimeSpan most)
    {
        if (text is null)
            return null;
        if (!DurationText.TryParse(text, out var duration))
            throw ControlException.InvalidFault($"The field '{field}' is not a duration; expected is a number and us, ms, s, m or h, such as 50ms.");
        return duration >= least && duration <= most
            ? duration
            : throw ControlException.InvalidFault($"The field '{field}' must lie between {DurationText.Format(least)} and {DurationText.Format(most)}.");
    }

    private static T? ReadWord<T>(string field, string? text, IEnumerable<T> allowed)
        where T : struct, Enum
    {
        if (text is null)
            return null;
        var words = allowed.ToDictionary(Word, StringComparer.Ordinal);
        return words.TryGetValue(text, out var value)
            ? value
            : throw ControlException.InvalidFault($"The field '{field}' has an unknown value; it is one of {string.Join(", ", words.Keys)}.");
    }

    private static void RefuseForeign(FaultKind kind, string field, bool isGiven, params FaultKind[] owners)
    {
        if (isGiven && !owners.Contains(kind))
            throw ControlException.InvalidFault($"The field '{field}' does not belong to a fault of kind {Word(kind)}, only to {string.Join(", ", owners.Select(Word))}.");
    }

    private static ControlException Missing(FaultKind kind, string field, string example) =>
        ControlException.InvalidFault($"The field '{field}' is missing; a fault of kind {Word(kind)} needs it, for example {example}.");

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
