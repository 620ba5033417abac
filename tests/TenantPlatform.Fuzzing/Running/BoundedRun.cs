namespace TenantPlatform.Fuzzing.Running;

/// <summary>Runs an input and bounds what it may allocate. Its time is bounded by who runs it.</summary>
internal static class BoundedRun
{
    /// <summary>Far more than any target needs, and far less than what somebody could announce in four bytes.</summary>
    private const long Most = 64L * 1024 * 1024;

    private const long MostPerByte = 4096;

    public static void Of(FuzzTarget target, byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        target.Run(input);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Finding.Unless(allocated <= Most + (MostPerByte * input.Length), "what is allocated is in proportion to what came");
    }
}
