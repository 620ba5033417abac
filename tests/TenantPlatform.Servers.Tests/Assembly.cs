// Each application starts an orchestrator and two servers, often on two cores: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
