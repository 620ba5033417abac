using System.Runtime.InteropServices;

namespace Cache.Core.Valkey.Direct;

/// <summary>What is sent over a direct connection.</summary>
/// <param name="Key">The key that decides which server is asked.</param>
/// <param name="Bytes">Commands, one behind the other.</param>
/// <param name="Replies">How many replies they bring.</param>
/// <param name="IsRead">Whether it changes nothing, so that it may be asked again elsewhere when the connection was lost meanwhile.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DirectRequest(string Key, ReadOnlyMemory<byte> Bytes, int Replies, bool IsRead);
