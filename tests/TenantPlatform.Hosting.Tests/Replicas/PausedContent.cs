using System.Net;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>A body whose second half waits for the test.</summary>
internal sealed class PausedContent : HttpContent
{
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Rest { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync("first half"u8.ToArray());
        await stream.FlushAsync();
        Begun.SetResult();
        await Rest.Task;
        await stream.WriteAsync("second half"u8.ToArray());
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
