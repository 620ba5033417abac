using System.Globalization;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Workload;

/// <summary>Sends requests of tenants to pods and writes the answers down.</summary>
internal sealed class Requests(Recorder recorder, LedgerJournal journal)
{
    private const int LongestDetail = 120;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>A read, which needs the tenant's configuration and its database.</summary>
    /// <param name="pod">Who is asked.</param>
    /// <param name="account">For which tenant.</param>
    /// <param name="path">What for; null: the smallest request.</param>
    public Task<Answer> ReadAsync(ServicePod pod, TenantAccount account, string? path = null) =>
        SendAsync(pod, account, HttpMethod.Get, path ?? pod.Smallest, body: null, key: null);

    /// <summary>A transaction, sent again under its key when its fate is unknown.</summary>
    public async Task WriteAsync(LedgerPod pod, TenantAccount account, string key, bool isBack)
    {
        var body = isBack ? Books.Transfer("@bob", "@alice", "1.00", account.Tenant.Id) : Books.Transfer("@alice", "@bob", "1.00", account.Tenant.Id);
        journal.Tried(account, key);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var answer = await SendAsync(pod, account, HttpMethod.Post, account.Books.Transactions, body, key);
            if (answer.IsServed)
                journal.Accepted(account, key);
            if (!answer.IsFailed)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }

    private async Task<Answer> SendAsync(ServicePod pod, TenantAccount account, HttpMethod method, string path, object? body, string? key)
    {
        using var limit = new CancellationTokenSource(Limit);
        var sent = recorder.Now;
        Answer answer;
        try
        {
            using var response = await pod.SendAsync(method, path, account.Tenant.Token, body, limit.Token, key);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            answer = new Answer(
                sent,
                recorder.Now,
                pod.Name,
                (int)(Number(response, "X-Process-Id") ?? 0),
                account.Number,
                (int)response.StatusCode,
                Number(response, "X-Tenant-Revision"),
                Header(response, "X-Cache-Source"),
                IsWrite: key is not null,
                Detail: (int)response.StatusCode >= 500 ? Short(text) : null,
                IsCached: Header(response, "X-Cache") == "HIT");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            answer = new Answer(sent, recorder.Now, pod.Name, Process: 0, account.Number, Status: 0, Revision: null, IsWrite: key is not null, Detail: Short(exception.Message));
        }

        recorder.Add(answer);
        return answer;
    }

    private static string Short(string text) => text.Length <= LongestDetail ? text : text[..LongestDetail];

    private static long? Number(HttpResponseMessage response, string name) =>
        long.TryParse(Header(response, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
