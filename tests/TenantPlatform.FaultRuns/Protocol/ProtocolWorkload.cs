using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>Reads of every key on every pod, and bursts of changes of every key with quiet in between, in which what is wrong shows.</summary>
internal sealed class ProtocolWorkload(
    ProtocolProfile profile, IReadOnlyList<ProtocolPod> pods, int keys, ProtocolSource source, Recorder recorder, Dice dice)
{
    private const double OthersShare = 0.02;
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(4);
    private readonly ProtocolPod[] _coherent = [.. pods.Where(pod => pod.Pushes is not null)];
    private readonly ProtocolPod[] _told = [.. pods.Where(pod => pod.Pushes is null)];

    public async Task ReadAsync(CancellationToken stop) => await Task.WhenAll(pods.Select(pod => ReadAsync(pod, stop)));

    public async Task ChangeAsync(CancellationToken stop) => await Task.WhenAll(Enumerable.Range(0, keys).Select(key => ChangeAsync(key, stop)));

    private async Task ReadAsync(ProtocolPod pod, CancellationToken stop)
    {
        var underWay = new List<Task>();
        using var timer = new PeriodicTimer(ReadPause);
        while (!stop.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            var key = Math.Min(dice.Below(keys), dice.Below(keys));
            if (!Reads(pod, key))
                continue;
            underWay.Add(pod.ReadAsync(key));
            if (underWay.Count % 500 == 0)
                underWay.RemoveAll(read => read.IsCompletedSuccessfully);
        }

        await Task.WhenAll(underWay);
    }

    private async Task ChangeAsync(int key, CancellationToken stop)
    {
        recorder.Add(new Change(ChangeKind.Begin, key, TimeSpan.Zero, TimeSpan.Zero, Revision: 1));
        var asides = new List<Task>();
        try
        {
            while (true)
            {
                await Task.Delay(dice.Between(1800, 4000), stop);
                for (var left = 1 + dice.Below(profile.LongestBurst); left > 0; left--)
                {
                    await ChangeAsync(key, Kind(key), asides);
                    await Task.Delay(dice.Between(0, 500), stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ends.
        }

        await Task.WhenAll(asides);
    }

    /// <summary>
    /// Whether a pod reads a key. One that is told of changes tells the others once more, and hides what they have missed; so beside
    /// coherent pods it reads only some.
    /// </summary>
    private bool Reads(ProtocolPod pod, int key) => pod.Pushes is null
        ? _coherent.Length == 0 || key % 4 == 1
        : !profile.HasOwners || _coherent[key / 2 % _coherent.Length] == pod || dice.Falls(OthersShare);

    private ChangeKind Kind(int key) =>
        !source.IsTold(key) ? ChangeKind.Rotate
        : source.IsSuspended(key) ? ChangeKind.Reactivate
        : dice.Falls(0.6) ? ChangeKind.Suspend
        : ChangeKind.Rotate;

    /// <summary>Changes the source, then has one coherent pod tell the others through Valkey, and tells those that are not.</summary>
    private async Task ChangeAsync(int key, ChangeKind kind, List<Task> asides)
    {
        var sent = recorder.Now;
        var revision = source.Change(key, kind);
        var announcer = _coherent.Length > 0 ? dice.Of(_coherent) : null;
        if (source.IsTold(key) && dice.Falls(profile.RevalidatedShare))
            asides.Add((profile.IsToldAfterwards ? announcer! : dice.Of(pods)).RevalidateAsync(key));
        var told = _told.Where(pod => Reads(pod, key)).Select(pod => pod.InvalidateAsync(key)).ToArray();
        if (told.Length > 0 || profile.IsToldAfterwards)
            await Task.Delay(dice.Between(0, 400), CancellationToken.None);
        while (announcer is not null && !await announcer.InvalidateAsync(key))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            announcer = dice.Of(_coherent);
        }

        await Task.WhenAll(told);
        recorder.Add(new Change(kind, key, sent, recorder.Now, revision));
    }
}
