using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Payloads;

/// <summary>A recorded payload that no test reads would be no proof of anything.</summary>
public sealed class CompletenessTests
{
    [Fact]
    public void EveryRecordedPayload_IsReadByATest() => Assert.Equal(Recorded.Names, RecordedPayload.NamesReadBy(typeof(CompletenessTests)));
}
