namespace TenantPlatform.Deploy.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void B11_WhatIsSet_IsReadByAService()
    {
        var absent = Exemptions.ByProject.Where(static one => !SourceTree.Has(one.Value)).Select(static one => one.Key).ToList();
        Assert.DoesNotContain(
            Deployment.Variables,
            name => !SourceTree.Settings.Contains(name) && !Exemptions.Set.Hold(name) && !absent.Exists(pattern => Exemptions.Covers(pattern, name)));
    }

    [Fact]
    public void B11_WhatAServiceReads_CanBeSet() =>
        Assert.DoesNotContain(SourceTree.Settings, static name => !Deployment.Variables.Contains(name) && !Exemptions.Read.Hold(name));

    [Fact]
    public void B11_BothSidesAreSeen()
    {
        Assert.All(["CACHE_ADDRS", "AUTH_SIGNING_KEY", "MULTI_TENANT_URL", "TENANT_MANAGER_API_KEYS", "RATE_LIMIT_INSTANCES"], static name => Assert.Contains(name, SourceTree.Settings));
        Assert.All(["CACHE_ADDRS", "AUTH_SIGNING_KEY", "MULTI_TENANT_POD_NAME", "ConnectionStrings__tenant-manager"], static name => Assert.Contains(name, Deployment.Variables));
    }
}
