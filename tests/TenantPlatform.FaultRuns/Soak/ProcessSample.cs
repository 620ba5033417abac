namespace TenantPlatform.FaultRuns.Soak;

/// <summary>What one process held at a moment.</summary>
/// <param name="Resource">Its resource's name.</param>
/// <param name="Process">Its id: another one is another life.</param>
/// <param name="Private">Memory of its own in bytes, files that it has mapped not counted.</param>
/// <param name="Heap">What its garbage collector held after its latest collection and since, in bytes; null: it has not said so yet.</param>
/// <param name="Handles">Open files, sockets and pipes.</param>
/// <param name="Sockets">Sockets among them.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Queue">Work that waits for a thread of the pool; null: it has not said so yet.</param>
internal sealed record ProcessSample(string Resource, int Process, long Private, double? Heap, int Handles, int Sockets, int Threads, double? Queue);
