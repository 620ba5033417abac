// The samples count what the whole process does: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
