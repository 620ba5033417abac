using TenantManager.Contracts;
using TenantPlatform.Observer.Configuration;

namespace TenantPlatform.Observer.Respondents;

/// <summary>A respondent, and the bounds on asking it: a storm of changes must not be a storm of questions. Safe for concurrent use.</summary>
internal sealed class Seat(IRespondent respondent, ObserverOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _questions = new(options.MostQuestions);
    private int _changes;

    public string Name => respondent.Name;

    public RespondentKind Kind => respondent.Kind;

    /// <summary>Takes one more change to be asked about, until <see cref="Leave"/>; false when there are too many already.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _changes) <= options.MostChanges)
            return true;
        Interlocked.Decrement(ref _changes);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _changes);

    /// <summary>Asks as soon as few enough questions are under way. Each of those is bounded in time, and so are the changes that wait.</summary>
    public async Task<TimedAnswer> AskAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await _questions.WaitAsync(cancellationToken);
        try
        {
            var sent = time.GetTimestamp();
            var answer = await respondent.AskAsync(tenant, cancellationToken);
            return new TimedAnswer(answer, sent, time.GetTimestamp());
        }
        finally
        {
            _questions.Release();
        }
    }

    public void Dispose() => _questions.Dispose();
}
