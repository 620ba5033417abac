using System.Runtime.InteropServices;

namespace TenantPlatform.Observer.Watching;

/// <summary>How long a respondent went on answering on what had changed, from the moment at which the observer knew of the change.</summary>
/// <param name="AtLeast">To when the last question was sent that was answered so.</param>
/// <param name="AtMost">To when the first answer was there that was not; null when none came: it was given up.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Staleness(TimeSpan AtLeast, TimeSpan? AtMost);
