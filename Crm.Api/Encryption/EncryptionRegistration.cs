using Crm.Api.Rotation;
using TenantManager.Client.Databases;

namespace Crm.Api.Encryption;

/// <summary>Registration of the keys and of what changes them.</summary>
internal static class EncryptionRegistration
{
    /// <exception cref="TenantManager.Contracts.Settings.InvalidSettingException">A setting is missing or wrong.</exception>
    public static void AddEncryption(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(MasterKeys.Parse(builder.Configuration[MasterKeys.Variable]));
        builder.Services.AddSingleton<TenantKeys>();
        builder.Services.AddSingleton<ITenantDatabaseInitializer>(provider => provider.GetRequiredService<TenantKeys>());
        builder.Services.AddSingleton<ReencryptionQueue>();
        builder.Services.AddSingleton<ITenantDatabaseInitializer, UnfinishedRotation>();
        builder.Services.AddHostedService<ReencryptionService>();
    }
}
