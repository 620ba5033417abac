using Xunit.Abstractions;
using Xunit.Sdk;

namespace TenantPlatform.EndToEnd.Tests.Evidence;

/// <summary>Adds what the resources wrote last to the failures that pass through.</summary>
internal sealed class EvidenceSink(IMessageSink next) : LongLivedMarshalByRefObject, IMessageSink
{
    public bool OnMessage(IMessageSinkMessage message) => next.OnMessage(message is ITestFailed failed ? WithLogs(failed) : message);

    private static TestFailed WithLogs(ITestFailed failed) => new(
        failed.Test,
        failed.ExecutionTime,
        failed.Output + Environment.NewLine + ResourceLogs.Last(),
        failed.ExceptionTypes,
        failed.Messages,
        failed.StackTraces,
        failed.ExceptionParentIndices);
}
