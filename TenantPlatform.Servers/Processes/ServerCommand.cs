using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.Servers;

/// <summary>How a server is started: what is run, as whom, with what.</summary>
/// <param name="Program">The program's full path.</param>
/// <param name="Arguments">Its arguments. Visible to every user of the machine: never a secret.</param>
/// <param name="Environment">Variables; null takes one away.</param>
/// <param name="User">Whom it runs as; null: ourselves.</param>
internal sealed record ServerCommand(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string?> Environment, UnixUser? User)
{
    /// <summary>
    /// The arguments of <c>env</c> that become this command. Aspire fixes an executable's program long before it starts, when ours
    /// may not be unpacked yet; <c>env</c> replaces itself by what its arguments name, so that the process stays the one that Aspire watches.
    /// </summary>
    public IReadOnlyList<string> ArgumentsOfEnv() =>
    [
        .. Environment.Where(variable => variable.Value is null).SelectMany(variable => (string[])["-u", variable.Key]),
        .. Environment.Where(variable => variable.Value is not null).Select(variable => $"{variable.Key}={variable.Value}"),
        .. ProcessGate.As(User),
        Program,
        .. Arguments,
    ];
}
