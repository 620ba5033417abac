using System.Text;
using System.Text.Json;
using TenantManager.Api.CacheAdministration;
using TenantManager.Api.Tests.Hosting;
using TenantManager.Contracts;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Payloads;

/// <summary>Deletions in the cache as instances of every version have left them in Valkey: whichever is asked shows them.</summary>
[Collection(ManagerCollection.Name)]
public sealed class DeletionPayloadTests(ManagerHost host)
{
    private const string Project = "TenantManager.Api.Tests";
    private const string Path = "/cache/deletions/0123456789abcdef";

    [Theory]
    [InlineData("deletion-done", "done")]
    [InlineData("deletion-running", "lost")]
    public async Task DeletionOfAnotherVersion_IsShown_AndOneWithoutASignOfLifeIsLost(string name, string status)
    {
        await PutAsync(RecordedPayload.Read(Project, name).Text);

        var answer = await host.SendAsync(HttpMethod.Get, Path);

        Assert.Equal((200, status), (answer.Status, answer.Body.GetProperty("status").GetString()));
        Assert.Equal(("tm-config:*", 120L), (answer.Body.GetProperty("pattern").GetString(), answer.Body.GetProperty("deleted").GetInt64()));
    }

    [Theory]
    [InlineData("deletion-done")]
    [InlineData("deletion-running")]
    public void Deletion_IsStillWrittenSo(string name)
    {
        var recorded = RecordedPayload.Read(Project, name).Text;

        Assert.Equal(recorded, JsonSerializer.Serialize(JsonSerializer.Deserialize<DeletionState>(recorded, ContractJson.Options), ContractJson.Options));
    }

    [Fact]
    public async Task DeletionOfALaterVersion_IsShownWithWhatItSays()
    {
        await PutAsync(RecordedPayload.Read(Project, "deletion-done").Text
            .Replace("\"status\":\"done\"", "\"status\":\"resting\",\"later\":[1]", StringComparison.Ordinal));

        Assert.Equal("resting", (await host.SendAsync(HttpMethod.Get, Path)).Body.GetProperty("status").GetString());
    }

    /// <summary>Anybody may write into Valkey.</summary>
    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"id\":7,\"pattern\":[]}")]
    public async Task WhatIsNoDeletion_IsNone(string stored)
    {
        await PutAsync(stored);

        Assert.Equal((404, "DELETION_NOT_FOUND"), (await host.SendAsync(HttpMethod.Get, Path)) is var answer ? (answer.Status, answer.Code) : default);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Delete, Path)).Status);
    }

    private Task PutAsync(string text) => host.Valkey.ExecuteAsync("SET", DeletionStore.Prefix + "0123456789abcdef", text, "PX", "60000");
}
