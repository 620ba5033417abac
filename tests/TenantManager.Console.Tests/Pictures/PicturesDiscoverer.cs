using Xunit.Abstractions;
using Xunit.Sdk;

namespace TenantManager.Console.Tests.Pictures;

/// <summary>Finds the pictures' test only where somebody wants them.</summary>
public sealed class PicturesDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    private readonly FactDiscoverer _inner = new(diagnostics);

    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        PicturesFactAttribute.Folder is null ? [] : _inner.Discover(discoveryOptions, testMethod, factAttribute);
}
