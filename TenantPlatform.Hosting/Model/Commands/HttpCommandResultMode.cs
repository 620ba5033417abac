namespace Aspire.Hosting.ApplicationModel;

/// <summary>What becomes of the answer to a command that is an HTTP request.</summary>
public enum HttpCommandResultMode
{
    /// <summary>Nothing; its status decides success.</summary>
    None = 0,

    /// <summary>It is shown as its content type says.</summary>
    Auto = 1,

    /// <summary>It is shown as JSON.</summary>
    Json = 2,

    /// <summary>It is shown as text.</summary>
    Text = 3,
}
