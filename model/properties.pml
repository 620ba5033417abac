/* One property per run, chosen by CHECK_…: what it needs to remember ("ghosts": the protocol never reads them), what it
 * asks of an answer (`check_answer`), and what it asks of every state: what L1 could answer now (`Monitor`). */

/* NoResurrection: after a revocation has returned on a pod, this pod's reads that begin later answer nothing older; on
 * the other pod the same from one lease later. Callers that join a flight count from joining while the lease is valid,
 * otherwise from the flight's beginning. Over a failover it is owed only by revocations that reached the replica (or
 * always, with STRICT: which does not hold). */
#ifdef CHECK_NoResurrection
byte owed[PODS];   /* what reads that begin now must reach */
byte owed_soon;    /* the same, for everybody, one lease later */
byte owed_to[OPS]; /* owed when the flight began */
#ifdef FAILOVER
byte replicated;   /* what the replica knows of it */
#endif
#ifdef NO_JOIN /* for mutants of something else: their shortest counterexample shall not be about joining */
#define JOINABLE(i, pod) false
#elif defined(MUTANT_JOIN_OVERTAKEN)
#define JOINABLE(i, pod) channel[pod].lease
#else
#define JOINABLE(i, pod) (!op[i].moved && channel[pod].lease)
#endif
inline ghost_begin(i) { owed_to[i] = owed[POD_OF(i)] }
inline ghost_finish(i) { owed_to[i] = 0 }
inline ghost_revoked(pod, version) {
    owed[pod] = MAX(owed[pod], version);
    owed_soon = MAX(owed_soon, version)
}
#define ghost_somebody_waits_for_lease() (owed[0] < owed_soon || owed[1] < owed_soon)
inline ghost_lease_passed() { owed[0] = owed_soon; owed[1] = owed_soon }
inline check_answer(i, pod, version) {
    assert(version >= owed_to[i]);
    assert(!JOINABLE(i, pod) || version >= owed[pod])
}
#define VIOLATED(pod) (FRESH(pod) && l1[pod].value < owed[pod])
#ifdef FAILOVER
#ifdef STRICT
#define ghost_replica_settled() skip
#define ghost_failed_over() skip
#else
inline ghost_replica_settled() { replicated = owed_soon }
inline ghost_failed_over() {
    owed_soon = replicated;
    owed[0] = MIN(owed[0], replicated);
    owed[1] = MIN(owed[1], replicated);
    for (each : 0 .. OPS - 1) { owed_to[each] = MIN(owed_to[each], replicated) }
    each = 0;
    replicated = 0;
    if
    :: revoking == 2 -> revoking = 0; revoking_on = 0; revoking_version = 0 /* its acknowledgement is worth nothing */
    :: else
    fi
}
#endif
#endif
#define check_stale(pod, version) skip /* a pod that reaches neither Valkey nor the source cannot know */
inline ghost_restarted(pod) { skip }
#else
#define ghost_begin(i) ghost_young(i)
#define ghost_revoked(pod, version) skip
#define ghost_replica_settled() skip
#define ghost_failed_over() skip
#endif

/* MonotonicPod: nothing older than anything this pod has seen is answered, neither a value nor a denial. */
#ifdef CHECK_MonotonicPod
byte seen[PODS];
inline ghost_see(pod, version) { seen[pod] = MAX(seen[pod], version) }
inline ghost_denied(pod, version) { seen[pod] = MAX(seen[pod], version) }
inline check_answer(i, pod, version) { assert(version >= seen[pod]) }
#define VIOLATED(pod) ((l1[pod].value != 0 && l1[pod].tombstone == 0 && l1[pod].value < seen[pod]) \
    || (l1[pod].tombstone != 0 && l1[pod].tombstone < seen[pod]))
inline check_stale(pod, version) { assert(version >= seen[pod]) }
inline ghost_restarted(pod) { seen[pod] = 0 }
#else
#define ghost_see(pod, version) skip
#endif

/* RevocationWins: nothing that a denial (with INVALIDATIONS also an invalidation) known to this process has outdated is
 * kept where a stale-serving path would find it, or answered from anywhere. */
#ifdef CHECK_RevocationWins
byte revoked[PODS];
inline ghost_denied(pod, version) { revoked[pod] = MAX(revoked[pod], version) }
#define ghost_known(pod, version) revoked[pod] = MAX(revoked[pod], version)
#ifdef REVISIONS
inline check_answer(i, pod, version) { assert(version >= revoked[pod]) }
#else
inline check_answer(i, pod, version) { assert(op[i].moved || version >= revoked[pod]) } /* moved: began before */
#endif
inline check_stale(pod, version) { assert(version >= revoked[pod]) }
#define VIOLATED(pod) (FRESH(pod) && l1[pod].tombstone == 0 && l1[pod].value < revoked[pod])
inline ghost_restarted(pod) { revoked[pod] = 0 }
#else
#define ghost_known(pod, version) skip
#endif

/* BoundedDenial: once a fetch that began after the suspension was acknowledged has been answered on a pod, this pod does
 * not serve the tenant until it is reactivated. Revalidation makes such a fetch happen within one interval and its
 * timeout, on every pod, as long as the source answers. No event and no push is needed for it. The change feed only
 * decides whether such a fetch is needed: it is answered by the source, stands for a moment, and writes nothing; without
 * an answer in time the fetch is made (docs/decisions/0012-a-change-feed.md). */
#ifdef CHECK_BoundedDenial
bit young[OPS];       /* the flight began after the suspension */
bit revalidated[PODS];
inline ghost_young(i) { young[i] = DENIED(source) }
inline ghost_finish(i) { young[i] = 0 }
inline ghost_revalidated(i) {
    if
    :: young[i] -> revalidated[POD_OF(i)] = 1
    :: else
    fi
}
inline ghost_source_changed() {
    for (each : 0 .. OPS - 1) { young[each] = 0 }
    each = 0;
    revalidated[0] = 0; revalidated[1] = 0
}
inline check_answer(i, pod, version) { assert(!(DENIED(source) && revalidated[pod])) }
inline check_stale(pod, version) { assert(!(DENIED(source) && revalidated[pod])) }
#define VIOLATED(pod) (DENIED(source) && revalidated[pod] && l1[pod].value != 0 && l1[pod].tombstone == 0)
inline ghost_restarted(pod) { revalidated[pod] = 0 }
#else
#define ghost_young(i) skip
#define ghost_revalidated(i) skip
#define ghost_source_changed() skip
#ifndef CHECK_NoResurrection
#define ghost_finish(i) skip
#endif
#endif

#if !defined(CHECK_MonotonicPod) && !defined(CHECK_RevocationWins)
#define ghost_denied(pod, version) skip
#endif
