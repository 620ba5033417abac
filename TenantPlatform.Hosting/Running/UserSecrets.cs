using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace TenantPlatform.Hosting.Running;

/// <summary>The AppHost's user secrets, where <c>dotnet user-secrets</c> keeps them.</summary>
internal static class UserSecrets
{
    private static readonly Lock Sync = new();
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void AddTo(ConfigurationManager configuration, string? id)
    {
        if (id is null)
            return;

        // Before the environment and the command line, which win.
        var source = new JsonConfigurationSource { Path = Path.GetFileName(PathOf(id)), Optional = true, FileProvider = Provider(id) };
        configuration.Sources.Insert(Math.Min(2, configuration.Sources.Count), source);
    }

    public static void Keep(string? id, string key, string value)
    {
        if (id is null)
            return;
        lock (Sync)
        {
            var path = PathOf(id);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var secrets = File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(path))! : [];
            secrets[key] = value;
            var temporary = $"{path}.{Environment.ProcessId}";
            using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                JsonSerializer.Serialize(file, secrets, Indented);
            }

            File.Move(temporary, path, overwrite: true);
        }
    }

    private static PhysicalFileProvider? Provider(string id)
    {
        var directory = Path.GetDirectoryName(PathOf(id))!;
        return Directory.Exists(directory) ? new PhysicalFileProvider(directory) : null;
    }

    private static string PathOf(string id) => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".microsoft", "usersecrets", id, "secrets.json");
}
