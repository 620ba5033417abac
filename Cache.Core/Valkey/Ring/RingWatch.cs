using Cache.Core.Fencing;
using Cache.Core.Valkey.Resp;
using Cache.Core.Valkey.Scripting;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Valkey.Ring;

/// <summary>
/// Watches the nodes and says which are used: one round of heartbeats after another, in which each node also tells what others have
/// said of the others on it.
/// </summary>
/// <remarks>
/// <code>
///   Waiting ── answers ──────────────────────────────▶ In ◀── emptied, if anybody has told of an outage ──┐
///                                                       │                                                │
///                     somebody does not reach it: this process, or another that has said so on a node    │
///                                                       ▼                                                │
///                                                      Out ── everybody who has said so reaches it again ┘
/// </code>
/// <para><b>One for all.</b> Who does not reach a node says so on the nodes that it does reach, before it places keys elsewhere, and
/// again with every round (<see cref="RingKeys.Held"/>, which ends by itself with its process). Everybody reads that and places them
/// elsewhere as well. Otherwise one would go on reading where another's revocations do not come.</para>
/// <para><b>Emptied before it returns.</b> What lies on a node that was away may have been revoked meanwhile. So the same word leaves
/// the name of an outage (<see cref="RingKeys.Lost"/>), which stays until the node has been emptied: by the first who uses it again,
/// in one step with writing down for which outages (<see cref="RingKeys.Emptied"/>), so that it is done once. A node whose
/// processes were all away is not emptied: nobody placed its keys elsewhere.</para>
/// </remarks>
internal sealed partial class RingWatch(IReadOnlyList<RingMember> members, RingTerms terms, TimeProvider time, ILogger logger)
{
    private static readonly ValkeyScript Hold = ValkeyScript.Load("Valkey.Ring", "hold");
    private static readonly ValkeyScript Empty = ValkeyScript.Load("Valkey.Ring", "empty");

    private readonly string _lostFor = Milliseconds(terms.LostFor);
    private readonly string _heldFor = Milliseconds(terms.HeldFor);
    private readonly RingState[] _states = [.. members.Select(_ => new RingState(terms))];
    private readonly byte[] _beat = RespCommand.Encode(["MGET", .. members.Select(member => RingKeys.Lost(member.Address)), .. members.Select(member => RingKeys.Held(member.Address))]);

    public RingView View { get; private set; } = new(All(members.Count), In: 0, All(members.Count));

    /// <summary>Goes on until it is stopped.</summary>
    /// <param name="publish">Called with every view, in every round.</param>
    /// <param name="decided">Called after each round.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(Action<RingView> publish, Action decided, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                await RoundAsync(publish, stop).ConfigureAwait(false);
                decided();
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                LogFailed(exception.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var rest = terms.Beat - time.GetElapsedTime(began);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RoundAsync(Action<RingView> publish, CancellationToken stop)
    {
        var replies = await Task.WhenAll(members.Select(member => member.Probe.TryAskAsync(_beat, stop))).ConfigureAwait(false);
        for (var n = 0; n < members.Count; n++)
        {
            if (replies[n] is null)
                _states[n].Health.Failed();
            else
                _states[n].Health.Answered();
        }

        var isTold = await HoldAsync(replies, stop).ConfigureAwait(false);
        List<int> returning = [];
        for (var n = 0; n < members.Count; n++)
        {
            var (state, holder) = (_states[n], Hear(n, replies));
            if (holder is not null || (state.Health.IsReached == false && isTold[n]))
                Take(n, holder);
            else if (state.Use == RingUse.In && state.Outages.Count > 0)
                Take(n, "another process a while ago"); // it went and came while this one was not looking
            else if (state.Use != RingUse.In && state.Health.IsReached == true && replies[n] is not null)
                returning.Add(n);
        }

        // Before a node is emptied this process has stopped using it.
        Publish(publish);
        foreach (var n in returning)
        {
            if (await TrySettleAsync(n, replies, stop).ConfigureAwait(false))
                _states[n].Use = RingUse.In;
        }

        Publish(publish);
    }

    /// <summary>Says of the nodes that this process does not reach that it does not; answers of which it could.</summary>
    private async Task<bool[]> HoldAsync(RespValue?[] replies, CancellationToken stop)
    {
        var isTold = new bool[members.Count];
        for (var n = 0; n < members.Count; n++)
        {
            if (_states[n].Health.IsReached != false)
                continue;
            var lost = members[n].Address;
            var command = RespCommand.Encode("EVAL", Hold.Text, "2", RingKeys.Lost(lost), RingKeys.Held(lost), FenceToken.New(), _lostFor, Environment.MachineName, _heldFor);
            var told = await Task.WhenAll(Others(n, replies).Select(other => members[other].Probe.TryAskAsync(command, stop))).ConfigureAwait(false);
            foreach (var reply in told)
            {
                if (reply is not { } outage)
                    continue;
                isTold[n] = true;
                _states[n].Outages.Add(outage.Text);
            }
        }

        return isTold;
    }

    /// <summary>Takes in what the others tell of a node; answers who does not reach it, if anybody does not.</summary>
    private string? Hear(int n, RespValue?[] replies)
    {
        string? holder = null;
        foreach (var other in Others(n, replies))
        {
            var told = replies[other]!.Items;
            if (told.Count != 2 * members.Count)
                continue;
            if (told[n].Kind != RespKind.Null && !_states[n].IsSettled(told[n].Text))
                _states[n].Outages.Add(told[n].Text);
            if (told[members.Count + n].Kind != RespKind.Null)
                holder = told[members.Count + n].Text;
        }

        return holder;
    }

    private void Take(int n, string? holder)
    {
        if (_states[n].Use == RingUse.Out)
            return;
        _states[n].Use = RingUse.Out;
        RingMetrics.Shared.Lost();
        if (holder is not null && _states[n].Health.IsReached != false)
            LogHeld(members[n].Address, holder);
        else
            LogLost(members[n].Address);
    }

    /// <summary>Empties the node if it must be, and has the others forget its outages.</summary>
    private async Task<bool> TrySettleAsync(int n, RespValue?[] replies, CancellationToken stop)
    {
        var (state, address) = (_states[n], members[n].Address);
        var isEmptied = false;
        if (state.Outages.Count > 0)
        {
            var command = RespCommand.Encode(["EVAL", Empty.Text, "1", RingKeys.Emptied, .. state.Outages]);
            if (await members[n].Probe.TryAskAsync(command, stop).ConfigureAwait(false) is not { Kind: RespKind.Number } reply)
                return false;
            isEmptied = reply.Number == 1;

            // One that cannot be asked now tells of it again, and then it is known that it is over.
            await Task.WhenAll(Others(n, replies).Select(other => ForgetAsync(members[other], address, state.Outages, stop))).ConfigureAwait(false);
            state.Settle();
        }

        if (state.Use == RingUse.Out)
        {
            RingMetrics.Shared.Back();
            LogBack(address, isEmptied);
        }

        return true;
    }

    private static async Task ForgetAsync(RingMember other, string address, IEnumerable<string> outages, CancellationToken stop)
    {
        foreach (var outage in outages)
            await other.Probe.TryAskAsync(RespCommand.Encode("EVAL", ValueScript.DeleteIfEqual.Text, "1", RingKeys.Lost(address), outage), stop).ConfigureAwait(false);
    }

    private void Publish(Action<RingView> publish)
    {
        var (placed, used, told) = (0UL, 0UL, 0UL);
        foreach (var member in members)
        {
            var state = _states[member.Number];
            placed |= state.Use == RingUse.Out ? 0 : member.Bit;
            used |= state.Use == RingUse.In ? member.Bit : 0;
            told |= state.Use == RingUse.Out && state.Health.IsReached == false ? 0 : member.Bit;
        }

        var view = new RingView(placed, used, told);
        if (view != View)
            View = view;
        publish(View);
    }

    private static IEnumerable<int> Others(int n, RespValue?[] replies) => Enumerable.Range(0, replies.Length).Where(other => other != n && replies[other] is not null);

    private static ulong All(int count) => ulong.MaxValue >> (RingPlacement.MostNodes - count);

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost {Node} of the ring; its keys are on the others")]
    private partial void LogLost(string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} of the ring is not reached by {Holder}; its keys are on the others")]
    private partial void LogHeld(string node, string holder);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node} of the ring is back (emptied just now: {IsEmptied})")]
    private partial void LogBack(string node, bool isEmptied);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of the ring's heartbeats failed ({Kind})")]
    private partial void LogFailed(string kind);
}
