namespace TenantManager.Contracts.Tests.Tokens;

/// <summary>A clock that stands where a test puts it.</summary>
internal sealed class SomeTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
