namespace Cache.Core.Valkey.Scripting;

/// <summary>Scripts on one key, in which any cluster finds its slot.</summary>
internal static class ValueScript
{
    public static ValkeyScript SetIfEqual { get; } = ValkeyScript.Load("Valkey.Scripting", "set-if-equal");

    public static ValkeyScript DeleteIfEqual { get; } = ValkeyScript.Load("Valkey.Scripting", "delete-if-equal");

    public static ValkeyScript Take { get; } = ValkeyScript.Load("Rates", "take", numbers: [0, 1, 2, 3]);
}
