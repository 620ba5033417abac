using Npgsql;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>A way to the state database that can be cut without anybody else's losing it.</summary>
internal sealed class StateLink(string state) : ServerLink("state", new NpgsqlConnectionStringBuilder(state).Host!, new NpgsqlConnectionStringBuilder(state).Port)
{
    public string ConnectionString => new NpgsqlConnectionStringBuilder(state) { Host = EndPoint.Address.ToString(), Port = EndPoint.Port }.ConnectionString;
}
