// Applications share this process's scratch directory, and two cores: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
