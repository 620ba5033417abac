using System.Text.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Reference;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Payloads;

/// <summary>Reference data as every version of the tenant-manager has stored them for the pods, which write none.</summary>
public sealed class ReferencePayloadTests
{
    private const string Project = "TenantManager.Api.Tests";

    [Theory]
    [InlineData("reference-currencies")]
    public void ReferenceSet_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = RecordedPayload.Read(Project, name);
        Assert.Equal(ReferenceCache.KeyPrefix + "currencies", recorded.Key);

        var read = Read(recorded.Text)!;

        Assert.True(read.IsOf("currencies"));
        Assert.Equal((4, new ReferenceEntry { Code = "BRL", Name = "Brazilian Real", Numeric = "986", MinorUnits = 2 }), (read.Revision, read.Find("BRL")));
        Assert.Equal(recorded.Text, JsonSerializer.Serialize(read, ContractJson.Options));
    }

    [Theory]
    [InlineData("\"revision\":4", "\"revision\":4,\"later\":{\"a\":1}", true)]
    [InlineData("\"code\":\"BRL\"", "\"code\":\"BRL\",\"later\":true", true)]
    [InlineData("\"code\":\"BRL\"", "\"code\":\"\"", false)]
    [InlineData("\"kind\":\"currencies\"", "\"kind\":\"coins\"", false)]
    public void ReferenceSetOfALaterVersion_IsReadForWhatItIs(string present, string later, bool isOne)
    {
        var recorded = RecordedPayload.Read(Project, "reference-currencies").Text;
        Assert.Contains(present, recorded, StringComparison.Ordinal);

        Assert.Equal(isOne, Read(recorded.Replace(present, later, StringComparison.Ordinal))!.IsOf("currencies"));
    }

    private static ReferenceSet? Read(string text) => JsonSerializer.Deserialize<ReferenceSet>(text, ContractJson.Options);
}
