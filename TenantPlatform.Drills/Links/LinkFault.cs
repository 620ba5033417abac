namespace TenantPlatform.Drills;

/// <summary>What can be wrong with a link, as a command of the fault proxy: <c>cut-valkey</c>, <c>heal-valkey</c> and so on.</summary>
/// <param name="Name">The command's first part.</param>
/// <param name="DisplayName">Likewise for people.</param>
/// <param name="Description">What happens.</param>
/// <param name="IconName">How it looks.</param>
/// <param name="Body">What the proxy is told; null: the fault is taken away.</param>
internal sealed record LinkFault(string Name, string DisplayName, string Description, string IconName, string? Body)
{
    public static IReadOnlyList<LinkFault> All { get; } =
    [
        new("cut", "Cut", "Closes its connections and refuses new ones.", "Cut", """{"kind":"cut"}"""),
        new("blackhole", "Blackhole", "Accepts everything and answers nothing.", "Prohibited", """{"kind":"blackhole"}"""),
        new("half-open", "Half-open", "Nothing comes back from the other side any more.", "PlugDisconnected", """{"kind":"halfOpen","direction":"toClient"}"""),
        new("reset", "Reset", "Resets its connections, new ones too.", "ArrowReset", """{"kind":"reset"}"""),
        new("slow", "Slow", "Adds 100 ms, give or take 20 ms, each way.", "Timer", """{"kind":"slow","latency":"100ms","jitter":"20ms"}"""),
        new("heal", "Heal", "Lets everything pass again.", "HeartPulse", Body: null),
    ];
}
