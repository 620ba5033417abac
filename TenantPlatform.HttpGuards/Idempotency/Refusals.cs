namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>The ways in which a request with a key is refused.</summary>
internal static class Refusals
{
    public static readonly GuardRefusal TwoKeys = new(
        400, "INVALID_IDEMPOTENCY_KEY", "Bad Request", $"'{IdempotencyKey.Header}' and '{IdempotencyKey.StandardHeader}' differ: send one of them, or the same in both.");

    public static readonly GuardRefusal BadKey = new(
        400, "INVALID_IDEMPOTENCY_KEY", "Bad Request", "The idempotency key must be 1 to 256 visible ASCII characters.");

    public static readonly GuardRefusal BodyTooLong = new(
        413, "IDEMPOTENCY_BODY_TOO_LARGE", "Payload Too Large", $"A request with an idempotency key may have a body of {IdempotencyOptions.LongestBody} bytes at most.");

    public static readonly GuardRefusal InFlight = new(
        409, "IDEMPOTENCY_IN_FLIGHT", "Conflict", "A request with this idempotency key is being answered: send this one again in a moment.");

    public static readonly GuardRefusal OtherRequest = new(
        422, "IDEMPOTENCY_KEY_REUSED", "Unprocessable Content", "This idempotency key was used with another request: send another key.");

    public static readonly GuardRefusal NotKept = new(
        409,
        "IDEMPOTENCY_ANSWER_NOT_KEPT",
        "Conflict",
        "The request with this idempotency key was answered, and has taken effect; its answer was too long to be kept. Read what it has changed.");

    public static readonly GuardRefusal Unavailable = new(
        503, "SERVICE_UNAVAILABLE", "Service Unavailable", "Idempotency keys cannot be looked up at present, so nothing was done: send the request again later.");
}
