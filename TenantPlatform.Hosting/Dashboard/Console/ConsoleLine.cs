namespace TenantPlatform.Hosting.Dashboard.Console;

/// <summary>A line that a resource wrote.</summary>
/// <param name="Id">Its number among the lines of all resources, in order of arrival; higher than in any run before.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Resource">Who wrote it.</param>
/// <param name="Text">The line; cut when very long.</param>
/// <param name="IsError">Whether it was written to standard error.</param>
internal sealed record ConsoleLine(long Id, DateTimeOffset Time, string Resource, string Text, bool IsError);
