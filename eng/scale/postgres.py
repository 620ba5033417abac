"""What one connection of a tenant's pool costs PostgreSQL."""
import pathlib, time

from servers import Postgres, row


def measure():
    server = Postgres()
    try:
        row("PostgreSQL", server.ask("SHOW server_version").split()[0])
        row("its own default of max_connections", server.ask("SHOW max_connections"))
        once, rest, opened = pathlib.Path(server.folder, "once.sql"), pathlib.Path(server.folder, "rest.sql"), 2000
        once.write_text("SELECT 1;\n")
        rest.write_text("SELECT count(*) FROM pg_class;\n\\sleep 6 s\n")
        began = server.processor()
        server.run("pgbench", "-n", "-C", "-c", "4", "-t", str(opened // 4), "-f", str(once))
        between = server.processor()
        server.run("pgbench", "-n", "-c", "4", "-t", str(opened // 4), "-f", str(once))
        row("opening and closing a connection, by SCRAM", f"{(2 * between - began - server.processor()) / opened * 1e3:.1f} ms")
        idle = server.start("pgbench", "-n", "-c", "50", "-t", "1", "-f", str(rest))
        time.sleep(4)
        kept = [kilobytes(child) for child in server.backends()]
        idle.communicate(timeout=60)
        row(f"an idle connection, memory of its own (over {len(kept)})", f"{sum(kept) / max(1, len(kept)) / 1024:.1f} MB")
    finally:
        server.close()


def kilobytes(pid):
    """A process's memory that it shares with nobody."""
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Dirty", "Private_Clean")))
