using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.LocalServers;

/// <summary>
/// A TCP port on 127.0.0.1 that nobody listened on, kept from every other process that asks this class, until it is disposed.
/// It stays reserved while its server is down, so that a restart finds it free. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Ports below the range from which systems take those of outgoing connections: otherwise a client that keeps
/// reconnecting to a stopped server could be given its port, or connect to itself.
/// </remarks>
public sealed class PortReservation : IDisposable
{
    private const int First = 15_000;
    private const int Last = 31_999;
    private static readonly Lock Sync = new();
    private static readonly HashSet<int> Held = [];
    private static FileStream? _ledger;

    private PortReservation(int port) => Port = port;

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Reserves a free port.</summary>
    /// <param name="preferred">Which one, if it is free; null: any.</param>
    /// <exception cref="IOException">No port is free.</exception>
    public static PortReservation Take(int? preferred = null)
    {
        if (preferred is { } wanted && TryTake(wanted) is { } same)
            return same;
        var count = Last - First + 1;
        var start = Random.Shared.Next(count);
        for (var i = 0; i < count; i++)
        {
            if (TryTake(First + ((start + i) % count)) is { } reservation)
                return reservation;
        }

        throw new IOException($"No free TCP port between {First} and {Last} on 127.0.0.1.");
    }

    /// <summary>Lets others have the port.</summary>
    public void Dispose()
    {
        lock (Sync)
        {
            if (Held.Remove(Port) && !OperatingSystem.IsMacOS())
                _ledger?.Unlock(Port, 1);
        }
    }

    private static PortReservation? TryTake(int port)
    {
        lock (Sync)
        {
            if (Held.Contains(port) || !LockInLedger(port))
                return null;
            if (!IsFree(port))
            {
                if (!OperatingSystem.IsMacOS())
                    _ledger!.Unlock(port, 1);
                return null;
            }

            Held.Add(port);
            return new PortReservation(port);
        }
    }

    // One byte of one file per port: the kernel frees the locks of a process that dies.
    private static bool LockInLedger(int port)
    {
        if (OperatingSystem.IsMacOS())
            return true;
        _ledger ??= new FileStream(
            Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"tenant-platform-ports-{Environment.UserName}")),
            new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete });
        try
        {
            _ledger.Lock(port, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
