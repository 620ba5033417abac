using System.Globalization;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Settings;
using TenantPlatform.Observer.Pods;
using TenantPlatform.Observer.Valkey;

namespace TenantPlatform.Observer.Configuration;

/// <summary>Reads <see cref="ObserverOptions"/> from the environment and checks them.</summary>
internal static class ObserverSettings
{
    private const string Listed = "listed";
    private const string InsecureConsent = "MULTI_TENANT_ALLOW_INSECURE_HTTP";

    /// <exception cref="InvalidSettingException">A setting is missing or wrong; the message names it.</exception>
    public static ObserverOptions Read(IConfiguration configuration)
    {
        var isInsecureAllowed = bool.TryParse(configuration[InsecureConsent], out var consent) && consent;
        var options = new ObserverOptions();
        options.Manager = Address("MULTI_TENANT_URL", Required("MULTI_TENANT_URL", "the tenant-manager's base address"), isInsecureAllowed);
        options.ApiKey = Key("MULTI_TENANT_SERVICE_API_KEY", "a key that the tenant-manager knows");
        options.ServiceName = Service(Required("MULTI_TENANT_SERVICE_NAME", "the service that the pods belong to, such as 'ledger'"));
        options.DiagnosticsKey = Key("MULTI_TENANT_DIAGNOSTICS_KEY", "the key that the pods were given under the same name");
        options.IsInsecureAllowed = isInsecureAllowed;
        var pods = Required("OBSERVER_PODS", $"the pods' addresses, such as 'http://ledger-1,http://ledger-2', or '{Listed}' for those that the tenant-manager lists");
        options.ArePodsListed = pods == Listed;
        options.Pods = options.ArePodsListed ? [] : Pods(pods, isInsecureAllowed);
        options.OneIn = Number("OBSERVER_ONE_IN", options.OneIn);
        options.SweepInterval = Seconds("OBSERVER_SWEEP_SEC", options.SweepInterval);
        options.AskInterval = Seconds("OBSERVER_ASK_SEC", options.AskInterval);
        options.GiveUp = Seconds("OBSERVER_GIVE_UP_SEC", options.GiveUp);
        options.MostChanges = Number("OBSERVER_MOST_CHANGES", options.MostChanges);
        options.MostQuestions = Number("OBSERVER_MOST_QUESTIONS", options.MostQuestions);
        return options;

        string? Text(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        string Required(string name, string what) => Text(name) ?? throw new InvalidSettingException(name, $"is not set: it is {what}.");

        string Key(string name, string what)
        {
            var key = Required(name, what);
            return key.All(c => c is > ' ' and <= '~')
                ? key
                : throw new InvalidSettingException(name, "holds characters that cannot travel in a header: use printable ASCII without spaces.");
        }

        int Number(string name, int otherwise)
        {
            if (Text(name) is not { } text)
                return otherwise;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new InvalidSettingException(name, $"is '{text}': expected a whole number above 0.");
        }

        TimeSpan Seconds(string name, TimeSpan otherwise)
        {
            if (Text(name) is not { } text)
                return otherwise;
            return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.01 and <= 86_400
                ? TimeSpan.FromSeconds(seconds)
                : throw new InvalidSettingException(name, $"is '{text}': expected seconds, 0.01 to 86400.");
        }
    }

    private static string Service(string name) => TenantConfigKey.IsServiceName(name)
        ? name
        : throw new InvalidSettingException("MULTI_TENANT_SERVICE_NAME", $"is '{name}': expected letters, digits, '_' and '-'.");

    private static List<Pod> Pods(string text, bool isInsecureAllowed)
    {
        const string Name = "OBSERVER_PODS";
        var pods = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(address => Address(Name, address, isInsecureAllowed))
            .Select(address => new Pod(address.IsDefaultPort ? address.Host : address.Authority, address))
            .ToList();
        if (pods.Count == 0)
            throw new InvalidSettingException(Name, "names no pod.");
        if (pods.Exists(pod => pod.Name == ValkeyRespondent.OwnName))
            throw new InvalidSettingException(Name, $"names a pod '{ValkeyRespondent.OwnName}', which stands for Valkey itself: give it another name or its port.");
        return pods.Select(pod => pod.Name).Distinct(StringComparer.Ordinal).Count() == pods.Count
            ? pods
            : throw new InvalidSettingException(Name, "names a pod twice.");
    }

    private static Uri Address(string name, string text, bool isInsecureAllowed)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidSettingException(name, $"holds '{text}': expected an address that starts with 'https://'.");
        if (address.Scheme == "http" && !isInsecureAllowed)
            throw new InvalidSettingException(name, $"holds an address with 'http://', which sends a key in the clear: use 'https://', or set {InsecureConsent}=true.");
        return address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + '/' }.Uri;
    }
}
