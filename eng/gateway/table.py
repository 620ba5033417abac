"""The tables, in Markdown."""
import statistics


def speed(workload, rows):
    """By connections and server: the runs. Ratios are of the first server's rate to the others', turn by turn."""
    print(f"\n**{workload.title}** ({workload.what})\n")
    leader = next(iter(rows))[1]
    print(f"| connections | | requests/s | {leader} × | p50 ms | p99 ms | processor µs | asked of the origin |")
    print("|---|---|---|---|---|---|---|---|")
    first = {}
    for (connections, name), runs in rows.items():
        base = first.setdefault(connections, runs)
        ratio = statistics.median(ours.rate / its.rate for ours, its in zip(base, runs))
        asked, unchanged = median(runs, "asked"), median(runs, "unchanged")
        print(
            f"| {connections} | {name} | {median(runs, 'rate'):,.0f} | {ratio:.2f} | {median(runs, 'p50') / 1000:.2f} | {median(runs, 'p99') / 1000:.2f} "
            f"| {median(runs, 'processor'):.1f} | {asked:.1%}{f', {unchanged:.1%} unchanged' if unchanged > 0.001 else ''} |", flush=True)


def memory(rows, entries):
    print(f"\n**Memory for {entries:,} answers of 1 kB**\n")
    print("| | before MB | after MB | bytes an answer | of it in files | still there |")
    print("|---|---|---|---|---|---|")
    for name, before, after, files, held in rows:
        print(f"| {name} | {before / 1e6:.0f} | {after / 1e6:.0f} | {(after - before) / entries:,.0f} | {files / entries:,.0f} | {held / entries:.1%} |", flush=True)


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)
