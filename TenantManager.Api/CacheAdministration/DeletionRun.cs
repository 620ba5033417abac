using Cache.Core.Administration;
using Cache.Core.Valkey;

namespace TenantManager.Api.CacheAdministration;

/// <summary>Carries one deletion out: a step, a word about it, a pause. It ends when all is deleted, when it is cancelled, or when Valkey has been away for too long.</summary>
internal sealed class DeletionRun(DeletionStore store, PatternDeletion deletion, DeletionState begun, TimeProvider time)
{
    /// <summary>For how long steps may fail before the deletion does: longer than a primary's replica takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>How far it is.</summary>
    public DeletionState State { get; private set; } = begun;

    /// <summary>Carries it out; <see cref="State"/> is saved before it returns, as far as Valkey takes it.</summary>
    /// <param name="cancellationToken">The service stops.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var status = await DeleteAsync(cancellationToken);
            State = State with { Status = status };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            State = State with { Status = DeletionStatus.Stopped };
        }
        catch (CacheUnavailableException exception)
        {
            State = State with { Status = DeletionStatus.Failed, Reason = $"Valkey has not answered for {Patience.TotalSeconds:0} s. {exception.Message} Repeat the deletion: what is gone already costs nothing." };
        }
        catch (Exception exception)
        {
            // Nothing else is expected, and nobody is to wait for a deletion that nobody carries out.
            State = State with { Status = DeletionStatus.Failed, Reason = exception.GetType().Name };
        }

        State = State with { EndedAt = time.GetUtcNow() };
        try
        {
            await store.SaveAsync(State, CancellationToken.None);
        }
        catch (CacheUnavailableException)
        {
            // Whoever asks finds it lost when the sign of life has ended; the audit log has the rest.
        }
    }

    private async Task<string> DeleteAsync(CancellationToken cancellationToken)
    {
        long? failing = null;
        while (true)
        {
            var began = time.GetTimestamp();
            TimeSpan pause;
            try
            {
                if (await store.IsCancelledAsync(State.Id, cancellationToken))
                    return DeletionStatus.Cancelled;
                var step = await deletion.StepAsync(DeletionPace.StepOf(State.KeysPerSecond), cancellationToken);
                State = State with
                {
                    Deleted = State.Deleted + step.Dropped,
                    Overtaken = State.Overtaken + step.Overtaken,
                    Spared = State.Spared + step.Spared,
                    Steps = State.Steps + 1,
                };
                if (step.IsLast)
                    return DeletionStatus.Done;
                await store.SaveAsync(State, cancellationToken);
                failing = null;
                pause = DeletionPace.After(step, State.KeysPerSecond, time.GetElapsedTime(began), Random.Shared.NextDouble());
            }
            catch (CacheUnavailableException) when (time.GetElapsedTime(failing ??= began) < Patience)
            {
                pause = Retry;
            }

            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, cancellationToken);
        }
    }
}
