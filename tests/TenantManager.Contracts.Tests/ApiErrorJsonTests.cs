using System.Text.Json;

namespace TenantManager.Contracts.Tests;

public sealed class ApiErrorJsonTests
{
    [Fact]
    public void Write_PlainError_HasExactlyThreeFields() =>
        Assert.Equal("""{"code":"0007","title":"T","message":"M"}""", JsonSerializer.Serialize(new ApiError("0007", "T", "M"), ContractJson.Options));

    [Fact]
    public void Write_FieldErrors_KeepTheirNames() =>
        Assert.Equal(
            """{"code":"0009","title":"T","message":"M","entityType":"Account","fields":{"assetCode":"missing"}}""",
            JsonSerializer.Serialize(
                new ApiError("0009", "T", "M", "Account", new Dictionary<string, string>(StringComparer.Ordinal) { ["assetCode"] = "missing" }),
                ContractJson.Options));
}
