using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using TenantPlatform.LocalServers;

namespace Crm.Api.Tests.Hosting;

/// <summary>A PostgreSQL of a test's own that logs every statement with its parameters, and whose files can be searched.</summary>
internal sealed class TalkativePostgres : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines;

    private TalkativePostgres(PostgresServer server, ConcurrentQueue<string> lines) => (Server, _lines) = (server, lines);

    public PostgresServer Server { get; }

    /// <summary>What it has logged.</summary>
    public string LogText => string.Join('\n', _lines);

    public static async Task<TalkativePostgres> StartAsync()
    {
        var lines = new ConcurrentQueue<string>();
        var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            Binary = (await ServerLocator.FindPostgresAsync()).Require(),
            Password = $"postgres-{RandomNumberGenerator.GetHexString(24, lowercase: true)}",
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["log_statement"] = "all", ["log_parameter_max_length_on_error"] = "-1" },
            Output = lines.Enqueue,
        });
        return new TalkativePostgres(server, lines);
    }

    /// <summary>Which texts stand in its files, tables and write-ahead log among them, as they are or in capitals.</summary>
    public async Task<IReadOnlyList<string>> FindInFilesAsync(params IReadOnlyList<string> texts)
    {
        await using (var source = NpgsqlDataSource.Create(Server.ConnectionString()))
        await using (var checkpoint = source.CreateCommand("checkpoint"))
            await checkpoint.ExecuteNonQueryAsync();
        var forms = texts.SelectMany(text => new[] { text, text.ToUpperInvariant() }.Select(form => (Text: text, Bytes: Encoding.UTF8.GetBytes(form)))).ToList();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(Server.DataDirectory, "*", SearchOption.AllDirectories))
        {
            byte[] content;
            try
            {
                content = await File.ReadAllBytesAsync(path);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                continue; // gone meanwhile
            }

            found.UnionWith(forms.Where(form => content.AsSpan().IndexOf(form.Bytes) >= 0).Select(form => form.Text));
        }

        return [.. found];
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
