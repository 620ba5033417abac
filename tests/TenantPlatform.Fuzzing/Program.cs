using TenantPlatform.Fuzzing;
using TenantPlatform.Fuzzing.Running;

return args switch
{
    ["list"] => Commands.List(),
    ["run", var name] => Commands.Run(TargetList.Find(name)),
    ["replay", var name, .. var files] => Commands.Replay(TargetList.Find(name), files),
    ["mutate", var name, var corpus, var count, var seed] => Commands.Mutate(TargetList.Find(name), corpus, count, seed),
    _ => Commands.Usage(),
};
