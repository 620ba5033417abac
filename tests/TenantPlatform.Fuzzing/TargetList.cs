using TenantPlatform.Fuzzing.Targets;

namespace TenantPlatform.Fuzzing;

/// <summary>All targets.</summary>
internal static class TargetList
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("envelope", EnvelopeTargets.Envelope),
        new("distributed-entry", EnvelopeTargets.Distributed),
        new("encrypted", EncryptedTargets.Encrypted),
        new("snapshot", EncryptedTargets.Snapshot),
        new("tag-epoch", TagTargets.Epoch),
        new("resp", RespTargets.Reader),
        new("server-replies", RespTargets.Replies),
        new("server-info", RespTargets.Info),
        new("key-pattern", KeyTargets.Pattern),
        new("key-cursor", KeyTargets.Cursor),
        new("fence-key", KeyTargets.Fence),
        new("settings", SettingTargets.Settings),
        new("cache-control", FieldTargets.CacheControl),
        new("structured-field", FieldTargets.Structured),
        new("field-values", FieldTargets.Values),
        new("selecting-fields", FieldTargets.Selecting),
        new("http-key", HttpTargets.Key),
        new("stored-response", HttpTargets.Stored),
        new("tenant-event", TenantTargets.Event),
        new("tenant-config", TenantTargets.Config),
        new("tenant-answers", TenantTargets.Answers),
        new("token", TokenTargets.Token),
        new("key-set", TokenTargets.KeySet),
        new("transaction", BodyTargets.Transaction),
        new("ledger-bodies", BodyTargets.Others),
        new("amount", BodyTargets.AmountText),
        new("idempotency", BodyTargets.Idempotency),
    ];

    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static FuzzTarget Find(string name) =>
        All.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"There is no target '{name}': see 'list'.", nameof(name));
}
