using TenantManager.Contracts;
using TenantPlatform.Observer.Configuration;

namespace TenantPlatform.Observer.Respondents;

/// <summary>A respondent, and the bounds on asking it: a storm of changes must not be a storm of questions. Safe for concurrent use.</summary>
internal sealed class Seat(IRespondent respondent, ObserverOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _questions = new(options.MostQuestions);
    private int _changes;
    private volatile bool _isGone;

    public string Name => respondent.Name;

    public RespondentKind Kind => respondent.Kind;

    /// <summary>Whether it is not to be asked any more: it is not there any more.</summary>
    public bool IsGone => _isGone;

    /// <summary>Whom it is.</summary>
    public bool Is(IRespondent other) => respondent.Equals(other);

    /// <summary>From now on it is not asked about further changes, and no longer about those that it is asked about.</summary>
    public void Retire() => _isGone = true;

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
