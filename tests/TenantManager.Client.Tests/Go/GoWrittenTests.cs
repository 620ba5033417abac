using System.Text.Json;
using TenantPlatform.TestKit.Go;

namespace TenantManager.Client.Tests.Go;

/// <summary>F7: that the recorded texts are what Go writes: read and written again by its structures, each is the same to the byte.</summary>
public sealed class GoWrittenTests
{
    private static readonly Dictionary<string, string> Places = new(StringComparer.Ordinal)
    {
        ["tenant"] = "0123456789abcdef0123456789abcdef",
        ["environment"] = "staging",
        ["host"] = "db.example",
        ["port"] = "5432",
        ["database"] = "d",
        ["username"] = "u",
        ["password"] = "p",
    };

    public static TheoryData<string> Configs => [.. GoText.Names("config")];

    public static TheoryData<string> Events => [.. GoText.Names("event-")];

    [Theory]
    [MemberData(nameof(Configs))]
    public void F7_RecordedConfiguration_IsWhatGoWrites(string name)
    {
        var text = GoText.Read(name, Places);

        Assert.Equal(text, LibCommons.TenantConfig.Remarshal(text));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void F7_RecordedEvent_IsWhatGoWrites(string name)
    {
        var text = GoText.Read(name, Places);
        using var read = JsonDocument.Parse(text);
        var type = read.RootElement.GetProperty("event_type").GetString()!;

        Assert.Equal($"event-{type}", name);
        Assert.Equal(text, LibCommons.Event.Remarshal(text));
        if (read.RootElement.TryGetProperty("payload", out var payload))
            Assert.Equal(payload.GetRawText(), LibCommons.Payloads[type].Remarshal(payload.GetRawText()));
    }

    [Fact]
    public void F7_EveryEventOfGo_IsRecorded() => Assert.Equal(
        LibCommons.EventTypes.Order(StringComparer.Ordinal), GoText.Names("event-").Select(name => name["event-".Length..]));
}
