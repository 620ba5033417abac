using System.Globalization;
using Npgsql;
using TenantPlatform.LocalServers;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;

namespace TenantPlatform.LocalServers.Tests.Servers;

public sealed class PostgresServerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly UnixUser SomeUser = new("somebody", 1, 1);

    [Fact]
    public async Task FreshDatabases_ForTwoTests_ShareNothing()
    {
        var (first, second) = (await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());

        await ExecuteAsync(first, "CREATE TABLE mine (id int)");

        Assert.Equal(1L, await ExecuteAsync(first, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'"));
        Assert.Equal(0L, await ExecuteAsync(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'"));
    }

    [Fact]
    public async Task WrongPassword_OverTcp_IsRefused()
    {
        var wrong = new NpgsqlConnectionStringBuilder(postgres.AdminConnectionString) { Password = "wrong" };

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(wrong.ConnectionString, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    [Fact]
    public async Task CreateDatabase_Twice_IsNoError()
    {
        const string name = "odd \"name's\\";

        await postgres.Server.CreateDatabaseAsync(name);
        await postgres.Server.CreateDatabaseAsync(name);

        Assert.Equal(name, await ExecuteAsync(postgres.Server.ConnectionString(name), "SELECT current_database()::text"));
    }

    [Fact]
    public async Task KeptData_AfterSigkillAndWithAnotherPassword_IsThereAgain()
    {
        var directory = Directory.CreateTempSubdirectory("postgres-kept-");
        File.SetUnixFileMode(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        try
        {
            var data = Path.Combine(directory.FullName, "data");
            await using (var server = await PostgresFixture.StartOwnAsync(data, "first"))
            {
                await ExecuteAsync(server.ConnectionString(), "CREATE TABLE kept AS SELECT 42 AS value");
                await server.KillAsync();
                Assert.True(File.Exists(Path.Combine(server.DataDirectory, "postmaster.pid")));
            }

            // The worst leftover: a living process now has the killed postmaster's id.
            await ReplaceFirstLineAsync(Path.Combine(data, "postmaster.pid"), Environment.ProcessId);
            await using var again = await PostgresFixture.StartOwnAsync(data, "sec'ond\\");

            Assert.Equal(42, await ExecuteAsync(again.ConnectionString(), "SELECT value FROM kept"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(false, "received immediate shutdown request")]
    [InlineData(true, "received fast shutdown request")]
    public async Task End_WritesDataDown_OnlyWhereItIsKept(bool isKept, string expected)
    {
        var directory = Directory.CreateTempSubdirectory("postgres-end-");
        File.SetUnixFileMode(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        try
        {
            var output = new System.Collections.Concurrent.ConcurrentQueue<string>();
            await using var server = await PostgresServer.StartAsync(new PostgresServerOptions
            {
                Binary = postgres.Server.Binary,
                Password = "of-the-end",
                DataDirectory = isKept ? Path.Combine(directory.FullName, "data") : null,
                Output = output.Enqueue,
            });

            await server.EndAsync();

            Assert.Contains(output, line => line.Contains(expected, StringComparison.Ordinal));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task DataOfAnotherMajorVersion_AtStart_FailsAndSaysWhatToDo()
    {
        var directory = Directory.CreateTempSubdirectory("postgres-old-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "PG_VERSION"), "9\n");
            File.SetUnixFileMode(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);

            var failure = await Assert.ThrowsAsync<ServerStartException>(() => PostgresFixture.StartOwnAsync(directory.FullName));

            Assert.Contains("belongs to PostgreSQL 9", failure.Message, StringComparison.Ordinal);
            Assert.Contains(directory.FullName, failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void DataDirectory_BeyondReachOfItsUser_MovesToOneThatIsNot()
    {
        var closed = Directory.CreateTempSubdirectory("postgres-closed-");
        try
        {
            var asked = Path.Combine(closed.FullName, "postgres");
            var (first, second) = (PostgresDataDirectory.Reachable(asked, SomeUser), PostgresDataDirectory.Reachable(asked, SomeUser));

            Assert.StartsWith("/var/lib/tenant-platform/postgres-", first, StringComparison.Ordinal);
            Assert.Equal(first, second);
            Assert.False(first == PostgresDataDirectory.Reachable(asked + "2", SomeUser), "two directories must not meet");
            Assert.Equal(asked, PostgresDataDirectory.Reachable(asked, user: null));
        }
        finally
        {
            closed.Delete();
        }
    }

    private static async Task ReplaceFirstLineAsync(string file, int processId)
    {
        var lines = await File.ReadAllLinesAsync(file);
        lines[0] = processId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(file, lines);
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
