"""Runs the platform of deploy/compose out of the images of eng/build-images and replaces all of it under load. See eng/check-images."""
import argparse, json, pathlib, sys, time

import drain, inside
from load import Balancer, Load, Tenant
from services import services, tag
from stack import ROOT, Stack, ask, run

ARCHIVES = ROOT / "artifacts/images"


def step(text):
    print(f"\n== {text}", flush=True)


def tell(problems):
    for problem in problems:
        print(f"PROBLEM {problem}", flush=True)
    return problems


def load_images():
    for service in services():
        archive = ARCHIVES / f"{service}.tar.gz"
        if not archive.exists():
            sys.exit(f"check-images: {archive} is missing: run eng/build-images first.")
        run("docker", "load", "--quiet", "--input", archive)
    run(ROOT / "eng/build-test-images")


def slowest(clients, windows):
    """The longest request, and which pod was on its way out or in meanwhile."""
    took, begin, what = max(client.slowest for client in clients)
    meanwhile = [name for left, back, name in windows if left < begin + took and begin < back]
    return f"{took:.1f} s, beside {' '.join(meanwhile) or 'nothing'} ({what.split(' at ')[-1]})"


def rolling(stack, tenants, rounds):
    """Every pod is replaced, one after the other, while clients read and write."""
    balancers = {service: Balancer(stack.of(service)) for service in ("gateway", "tenant-manager", "console")}
    load = Load(balancers, tenants)
    problems, ends, windows = [], [], []
    begin = time.monotonic()
    load.await_served(10)
    for _ in range(rounds):
        for pod in stack.pods.values():
            told = time.monotonic()
            code, took = pod.end()
            ends.append((pod.name, code, took))
            pod.replace()
            pod.await_ready()
            windows.append((told, time.monotonic(), pod.name))
            if not load.await_served(10):
                problems.append(f"after {pod.name} was replaced, some client was not served any more")
    load.stop()
    took = time.monotonic() - begin
    for name, code, _ in ends:
        if code != 0:
            problems.append(f"{name}: its exit code is {code}")

    kinds = {}
    for client in load.clients:
        kinds.setdefault(client.kind, []).append(client)
    total = failed = 0
    for kind, clients in kinds.items():
        served, failures = sum(client.served for client in clients), [failure for client in clients for failure in client.failures]
        total, failed = total + served + len(failures), failed + len(failures)
        print(f"{kind:17} {served + len(failures):6} requests, {len(failures)} failed, slowest {slowest(clients, windows)}")
        problems += [f"{kind}: {failure}" for failure in failures[:5]]
    wrong = load.lost_or_doubled()
    if wrong:
        problems.append(f"{wrong} writes are lost, there twice, or there without having been acknowledged")
    print(f"{len(ends)} containers replaced in {took:.0f} s, {total} requests, {failed} failed, {wrong} writes lost or doubled;")
    name, _, longest = max(ends, key=lambda end: end[2])
    print(f"slowest end: {longest:.1f} s ({name}), exit codes: {sorted({end[1] for end in ends})}")
    return problems


def observed(stack, tenant):
    """A tenant is suspended: the observer asks the pods that are there now, whose containers are not those that it has started with."""
    manager = Balancer(stack.of("tenant-manager"))
    tenant.manager = manager
    tenant.send("PUT", f"/v1/tenants/{tenant.id}/suspend")
    manager.stopped.set()
    address, names = stack.pods["observer"].address, {pod.name for pod in stack.of("ledger")}
    until = time.monotonic() + 30
    while True:
        seen = json.loads(ask(address, "/observations")[1] or b"{}")
        fresh = {name for name, verdicts in seen.get("answers", {}).items() if verdicts.get("fresh")}
        if names <= fresh:
            print(f"asked: {', '.join(sorted(seen['answers']))}; changes {seen['changes']}; stale answers: {seen['stale']['pods']['staleAnswers']} of {seen['stale']['pods']['answers']}")
            return []
        if time.monotonic() > until:
            return [f"the observer has not had an answer of {', '.join(sorted(names - fresh))}: {seen}"]
        time.sleep(0.1)


def leases(stack):
    """Leases that pods which are gone have left behind; a lease that nobody gives back keeps others waiting."""
    return [f"left in Valkey: {key}" for key in sorted(set(stack.valkey("--scan --pattern 'lease:*'").split()))]


def main():
    arguments = argparse.ArgumentParser(prog="eng/check-images", description="Runs the services' images as deploy/compose says, and replaces every container under load.")
    arguments.add_argument("--rounds", type=int, default=1, help="how often every container is replaced (1)")
    arguments.add_argument("--drain", type=int, default=2, help="SHUTDOWN_DRAIN_SEC (2); 0 shows what happens without")
    arguments.add_argument("--cluster", action="store_true", help="Valkey as a cluster of six nodes, as deploy/compose/compose.cluster.yaml has it")
    arguments.add_argument("--logs", type=pathlib.Path, help="a folder for the containers' logs")
    options = arguments.parse_args()
    problems = []
    load_images()

    step("what is in the images")
    for service in services():
        found, line = inside.look(f"tenant-platform/{service}:{tag()}")
        problems += tell(found)
        print(line)

    stack = Stack(options.drain, options.cluster)
    try:
        step("the platform of deploy/compose, two pods of each service")
        begin = time.monotonic()
        stack.start()
        print(f"{len(stack.pods)} pods are ready after {time.monotonic() - begin:.0f} s")
        if options.cluster:
            info = stack.valkey("cluster info")
            print(f"{info.count('cluster_state:ok')} of {len(stack.nodes)} nodes say that the cluster is well")
            problems += tell([] if info.count("cluster_state:ok") == len(stack.nodes) else [f"the cluster is not well: {info}"])
        manager = Balancer(stack.of("tenant-manager"))
        ending, *tenants = [Tenant(manager, stack.values, name) for name in ("ending", "rolling1", "rolling2")]
        gateway = Balancer(stack.of("gateway"))
        for tenant in (ending, *tenants):
            Load.warm(gateway, tenant)
        manager.stopped.set()
        gateway.stopped.set()

        step("the end of one pod of each service, with a write under way")
        for name, service in (("ledger-1", "ledger"), ("crm", "crm"), ("gateway", "gateway"), ("tenant-manager", ""), ("console", ""), ("observer", "")):
            found, line = drain.drain(stack.pods[name], service, ending, options.drain)
            problems += tell(found)
            print(line, flush=True)
            stack.pods[name].replace()
            stack.pods[name].await_ready()
        for name, service in (("ledger-2", "ledger"), ("gateway-2", "gateway")):
            found, line = drain.stuck(stack.pods[name], service, ending, options.drain)
            problems += tell(found)
            print(line, flush=True)
            stack.pods[name].replace()
            stack.pods[name].await_ready()

        step("every container replaced under load")
        problems += tell(rolling(stack, tenants, options.rounds))

        step("a suspension, as the observer sees it")
        problems += tell(observed(stack, ending))

        step("what is left")
        problems += tell(leases(stack))
        for pod in stack.pods.values():
            problems += tell(inside.confined(pod))
        print(f"{len(stack.pods)} pods: confined, nothing written outside of /tmp" if not problems else f"{len(problems)} problems")
    finally:
        if options.logs:
            options.logs.mkdir(parents=True, exist_ok=True)
            for pod in getattr(stack, "pods", {}).values():
                (options.logs / f"{pod.name}.log").write_text(pod.log())
        stack.close()
    print(f"\n{len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
