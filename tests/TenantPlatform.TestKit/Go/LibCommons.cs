namespace TenantPlatform.TestKit.Go;

/// <summary>The structures by which lib-commons v6.7.0 reads and writes what it shares with this system: <c>commons/tenant-manager/core</c>, <c>client</c> and <c>event</c>.</summary>
public static class LibCommons
{
    private static readonly GoType PostgreSql = GoType.Struct(
        "PostgreSQLConfig",
        ("host", GoType.Text), ("port", GoType.Number), ("database", GoType.Text), ("username", GoType.Text), ("password", GoType.Text), ("schema,omitempty", GoType.Text),
        ("sslmode,omitempty", GoType.Text), ("sslrootcert,omitempty", GoType.Text), ("sslcert,omitempty", GoType.Text), ("sslkey,omitempty", GoType.Text));

    private static readonly GoType MongoDb = GoType.Struct(
        "MongoDBConfig",
        ("host,omitempty", GoType.Text), ("port,omitempty", GoType.Number), ("database", GoType.Text), ("username,omitempty", GoType.Text), ("password,omitempty", GoType.Text),
        ("uri,omitempty", GoType.Text), ("authSource,omitempty", GoType.Text), ("directConnection,omitempty", GoType.Flag), ("maxPoolSize,omitempty", GoType.Number),
        ("tls,omitempty", GoType.Flag), ("tlsCAFile,omitempty", GoType.Text), ("tlsCertFile,omitempty", GoType.Text), ("tlsKeyFile,omitempty", GoType.Text), ("tlsSkipVerify,omitempty", GoType.Flag));

    private static readonly GoType RabbitMq = GoType.Struct(
        "RabbitMQConfig",
        ("host", GoType.Text), ("port", GoType.Number), ("vhost", GoType.Text), ("username", GoType.Text), ("password", GoType.Text), ("tls,omitempty", GoType.Flag.Pointer), ("tlsCAFile,omitempty", GoType.Text));

    private static readonly GoType Kafka = GoType.Struct(
        "KafkaConfig",
        ("brokers", GoType.Slice(GoType.Text)), ("username", GoType.Text), ("password", GoType.Text), ("mechanism", GoType.Text), ("tls,omitempty", GoType.Flag.Pointer));

    private static readonly GoType ConnectionSettings = GoType.Struct(
        "ConnectionSettings", ("maxOpenConns", GoType.Number), ("maxIdleConns", GoType.Number), ("statementTimeout,omitempty", GoType.Text));

    private static readonly GoType SecretPaths = GoType.Map(GoType.Map(GoType.Text));

    private static readonly GoType EventSettings = GoType.Struct(
        "ConnectionSettingsPayload", ("max_open_conns", GoType.Number), ("max_idle_conns", GoType.Number), ("statement_timeout,omitempty", GoType.Text));

    /// <summary>The configuration, as it travels and as it is cached.</summary>
    public static readonly GoType TenantConfig = GoType.Struct(
        "TenantConfig",
        ("id", GoType.Text), ("tenantSlug", GoType.Text), ("tenantName,omitempty", GoType.Text), ("service,omitempty", GoType.Text), ("status,omitempty", GoType.Text),
        ("isolationMode,omitempty", GoType.Text),
        ("databases,omitempty", GoType.Map(GoType.Struct(
            "DatabaseConfig",
            ("postgresql,omitempty", PostgreSql.Pointer), ("postgresqlReplica,omitempty", PostgreSql.Pointer), ("mongodb,omitempty", MongoDb.Pointer),
            ("connectionSettings,omitempty", ConnectionSettings.Pointer)))),
        ("messaging,omitempty", GoType.Struct("MessagingConfig", ("rabbitmq,omitempty", RabbitMq.Pointer)).Pointer),
        ("rabbitmq,omitempty", GoType.Map(RabbitMq)),
        ("streaming,omitempty", GoType.Map(GoType.Struct("StreamingConfig", ("kafka,omitempty", Kafka.Pointer)))),
        ("connectionSettings,omitempty", ConnectionSettings.Pointer), ("createdAt,omitzero", GoType.Time), ("updatedAt,omitzero", GoType.Time));

    public static readonly GoType CreateTenantResponse = GoType.Struct("CreateTenantResponse", ("id", GoType.Text), ("slug", GoType.Text), ("status", GoType.Text));

    public static readonly GoType AssociateServiceResponse = GoType.Struct("AssociateServiceResponse", ("serviceName", GoType.Text), ("status", GoType.Text));

    public static readonly GoType TenantSummaries = GoType.Slice(GoType.Struct("TenantSummary", ("id", GoType.Text), ("name", GoType.Text), ("status", GoType.Text)).Pointer);

    /// <summary>All that the client reads of a tenant.</summary>
    public static readonly GoType Metadata = GoType.Struct("parsed", ("metadata", GoType.Map(GoType.Text)));

    /// <summary>What the client reads of a 403.</summary>
    public static readonly GoType Denial = GoType.Struct("errResp", ("code", GoType.Text), ("error", GoType.Text), ("status", GoType.Text));

    public static readonly GoType Event = GoType.Struct(
        "TenantLifecycleEvent",
        ("event_id", GoType.Text), ("event_type", GoType.Text), ("timestamp", GoType.Time), ("tenant_id", GoType.Text), ("tenant_slug", GoType.Text), ("environment", GoType.Text),
        ("payload,omitempty", GoType.Raw));

    /// <summary>Every type of event; those of <see cref="Payloads"/> carry something.</summary>
    public static IEnumerable<string> EventTypes => ["tenant.created", "tenant.activated", "tenant.suspended", "tenant.deleted", "tenant.updated", .. Payloads.Keys];

    /// <summary>What each type of event carries.</summary>
    public static readonly IReadOnlyDictionary<string, GoType> Payloads = new Dictionary<string, GoType>(StringComparer.Ordinal)
    {
        ["tenant.service.associated"] = GoType.Struct(
            "ServiceAssociatedPayload",
            ("service_name", GoType.Text), ("isolation_mode", GoType.Text), ("modules,omitempty", GoType.Slice(GoType.Text)), ("secret_paths,omitempty", SecretPaths),
            ("messaging_config,omitempty", GoType.Struct("MessagingEventConfig", ("rabbitmq_secret_path,omitempty", GoType.Text)).Pointer), ("connection_settings,omitempty", EventSettings.Pointer)),
        ["tenant.service.disassociated"] = GoType.Struct("ServiceDisassociatedPayload", ("service_name", GoType.Text), ("preserve_data", GoType.Flag)),
        ["tenant.service.suspended"] = GoType.Struct("ServiceSuspendedPayload", ("service_name", GoType.Text), ("previous_status", GoType.Text)),
        ["tenant.service.purged"] = GoType.Struct("ServicePurgedPayload", ("service_name", GoType.Text)),
        ["tenant.service.reactivated"] = GoType.Struct(
            "ServiceReactivatedPayload",
            ("service_name", GoType.Text), ("previous_status", GoType.Text), ("re_provisioned", GoType.Flag), ("secret_paths,omitempty", SecretPaths), ("connection_settings,omitempty", EventSettings.Pointer)),
        ["tenant.credentials.rotated"] = GoType.Struct(
            "CredentialsRotatedPayload", ("service_name", GoType.Text), ("credential_type", GoType.Text), ("new_secret_path", GoType.Text)),
        ["tenant.connections.updated"] = GoType.Struct(
            "ConnectionsUpdatedPayload",
            ("service_name", GoType.Text), ("module", GoType.Text), ("max_open_conns", GoType.Number), ("max_idle_conns", GoType.Number), ("statement_timeout,omitempty", GoType.Text)),
        ["tenant.cache.invalidate"] = GoType.Struct("CacheInvalidatePayload", ("service_name", GoType.Text), ("reason,omitempty", GoType.Text)),
    };
}
