using System.Globalization;
using System.Text;

namespace TenantPlatform.LocalServers;

/// <summary>Valkey's configuration file, which only its owner can read: command lines are public, and it may hold a password.</summary>
internal static class ValkeyConfiguration
{
    public static async Task<string> WriteAsync(ValkeyServerOptions options, int port, string directory, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        text.AppendLine("bind 127.0.0.1");
        text.AppendLine(CultureInfo.InvariantCulture, $"port {port}");
        text.AppendLine("daemonize no");
        text.AppendLine("protected-mode yes");
        text.AppendLine("logfile \"\"");
        text.AppendLine(CultureInfo.InvariantCulture, $"dir {Quote(options.DataDirectory ?? directory)}");
        if (options.DataDirectory is { } data)
        {
            Directory.CreateDirectory(data);
            text.AppendLine("appendonly yes").AppendLine("appendfsync everysec").AppendLine("save 60 1");
        }
        else
        {
            text.AppendLine("appendonly no").AppendLine("save \"\"");
        }

        if (options.Password is { } password)
            text.AppendLine(CultureInfo.InvariantCulture, $"requirepass {Quote(password)}");
        foreach (var line in options.Configuration)
            text.AppendLine(line);

        var path = Path.Combine(directory, "valkey.conf");
        File.Delete(path);
        var open = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var file = new FileStream(path, open);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
        return path;
    }

    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
