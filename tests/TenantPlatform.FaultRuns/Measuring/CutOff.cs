using System.Runtime.InteropServices;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>How one suspension went in one service. From the moment at which its caller was told that it is accepted, unless told otherwise.</summary>
/// <param name="Call">How long the caller waited for that.</param>
/// <param name="Event">When a subscriber beside the pods had the event; negative: before the caller was told. Null: not at all.</param>
/// <param name="Begun">When the last request left that was served all the same.</param>
/// <param name="Answered">When the last answer came that served the tenant, also to a request from before. Never negative.</param>
/// <param name="SinceCall">Likewise, from the moment at which the caller asked for it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CutOff(TimeSpan Call, TimeSpan? Event, TimeSpan Begun, TimeSpan Answered, TimeSpan SinceCall);
