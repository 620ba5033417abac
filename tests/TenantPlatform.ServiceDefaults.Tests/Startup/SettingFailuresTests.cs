using Microsoft.Extensions.Options;
using TenantPlatform.ServiceDefaults.Startup;

namespace TenantPlatform.ServiceDefaults.Tests.Startup;

/// <summary>Which failures end a process with one line.</summary>
public sealed class SettingFailuresTests
{
    [Fact]
    public void Message_ExceptionIsAboutASetting_IsItsMessage_WhereverItIsWrapped()
    {
        var about = new InvalidOperationException("NAME is not set.");
        about.Data["setting"] = "NAME";

        Assert.Equal("NAME is not set.", SettingFailures.Message(about));
        Assert.Equal("NAME is not set.", SettingFailures.Message(new InvalidOperationException("outer", about)));
        Assert.Equal("too small", SettingFailures.Message(new OptionsValidationException("name", typeof(string), ["too small"])));
    }

    [Fact]
    public void Message_ExceptionIsAboutSomethingElse_IsNone() =>
        Assert.Null(SettingFailures.Message(new InvalidOperationException("outer", new TimeoutException())));
}
