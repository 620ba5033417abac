namespace TenantPlatform.Observer.Respondents;

internal static class RespondentKinds
{
    /// <summary>As metrics name it.</summary>
    public static string Name(this RespondentKind kind) => kind == RespondentKind.Pod ? "pod" : "valkey";
}
