namespace Cache.Core.Valkey.Resp;

/// <summary>What arrived is no RESP3, passes a limit, or ended in the middle. The connection is of no more use.</summary>
internal sealed class RespProtocolException : IOException
{
    public RespProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the server wants to know who we are, or does not accept who we say we are.</summary>
    public bool IsSignInRefused { get; init; }
}
