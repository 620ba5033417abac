using System.Reflection;
using TenantPlatform.EndToEnd.Tests.Evidence;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("TenantPlatform.EndToEnd.Tests.Evidence.EvidenceFramework", "TenantPlatform.EndToEnd.Tests")]

// One application at a time: each has the machine to itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace TenantPlatform.EndToEnd.Tests.Evidence;

/// <summary>xunit, in a random order of scenarios, with the resources' last lines attached to the output of every test that fails.</summary>
public sealed class EvidenceFramework(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider source, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assemblyName, source, diagnostics)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(RandomOrder.Of(testCases, DiagnosticMessageSink), new EvidenceSink(executionMessageSink), executionOptions);
    }
}
