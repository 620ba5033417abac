namespace TenantManager.Console.SignIn;

/// <summary>What somebody who has signed in may do.</summary>
internal static class Roles
{
    /// <summary>Sees everything that the console shows.</summary>
    public const string Viewer = "viewer";

    /// <summary>Changes things too.</summary>
    public const string Operator = "operator";

    /// <summary>The policy of every page.</summary>
    public const string MayLook = "may-look";

    /// <summary>The claim that says when a session ends, in Unix seconds: a page that is left open ends with it.</summary>
    public const string SessionEnds = "session-ends";

    public static bool IsKnown(string? role) => role is Viewer or Operator;
}
