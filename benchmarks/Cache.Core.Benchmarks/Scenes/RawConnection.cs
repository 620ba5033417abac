using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>The least that talks to Valkey: a blocking socket, one command out, one answer in.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[64 * 1024];

    public RawConnection(string host, int port, string? password)
    {
        _socket.Connect(IPAddress.Parse(host), port);
        if (password is not null)
            Ask(Command("AUTH"u8, Encoding.UTF8.GetBytes(password)));
    }

    /// <summary>The latest answer, from its beginning.</summary>
    public ReadOnlySpan<byte> Answer => _answer;

    /// <summary>A command as the wire has it.</summary>
    public static byte[] Command(ReadOnlySpan<byte> name, params byte[][] arguments)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes($"*{arguments.Length + 1}\r\n${name.Length}\r\n"));
        bytes.Write(name);
        foreach (var argument in arguments)
        {
            bytes.Write(Encoding.ASCII.GetBytes($"\r\n${argument.Length}\r\n"));
            bytes.Write(argument);
        }

        bytes.Write("\r\n"u8);
        return bytes.ToArray();
    }

    /// <summary>Sends a command and reads its answer: a line, or a line and as many bytes as it says.</summary>
    /// <returns>How many bytes the answer had.</returns>
    public int Ask(ReadOnlySpan<byte> command)
    {
        _socket.Send(command);
        var read = 0;
        while (true)
        {
            read += _socket.Receive(_answer.AsSpan(read));
            var line = _answer.AsSpan(0, read).IndexOf("\r\n"u8);
            if (line < 0)
                continue;
            if (_answer[0] == (byte)'-')
                throw new InvalidOperationException(Encoding.UTF8.GetString(_answer, 0, line));
            if (_answer[0] != (byte)'$')
                return read;
            var length = int.Parse(_answer.AsSpan(1, line - 1), System.Globalization.CultureInfo.InvariantCulture);
            if (length < 0)
                throw new InvalidOperationException("The key is not there.");
            if (read >= line + 2 + length + 2)
                return read;
        }
    }

    public void Dispose() => _socket.Dispose();
}
