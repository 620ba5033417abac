namespace Aspire.Hosting.ApplicationModel;

/// <summary>A database in a PostgreSQL server, created when the server is there.</summary>
public class PostgresDatabaseResource : Resource, IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <summary>Creates it.</summary>
    public PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
        : base(name)
    {
        DatabaseName = databaseName;
        Parent = postgresParentResource;
    }

    /// <summary>The database's name in the server.</summary>
    public string DatabaseName { get; }

    /// <inheritdoc/>
    public PostgresServerResource Parent { get; }

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent.ConnectionStringExpression};Database={DatabaseName}");
}
