/* The tracking connection and its lease. A push says "look again": the entry is unproven from now on, and the epoch moves.
 * Pushes and heartbeat replies come in order on one connection, so a reply proves that earlier pushes have come.
 *
 * Reductions. An unproven entry could only be served by stale-if-error, which NoResurrection does not judge (the other
 * properties are checked without COHERENCE, where it stays): here it is gone. A pod that is up and has no push on its way
 * always has a lease, and one that is not loses it as late as it may: less lease only means fewer answers from L1. */

#ifdef COHERENCE
/* Somebody changed the key: every tracking connection gets a push, the writer's own included. */
inline announce() {
    for (each : 0 .. PODS - 1) {
        if
        :: channel[each].up -> channel[each].pending = 1
        :: else
        fi
    }
    each = 0
}

proctype Coherence(byte pod) {
end:
    do
    :: d_step { channel[pod].pending -> /* a push arrives, then a heartbeat's answer */
            channel[pod].pending = 0;
            channel[pod].lease = 1;
            printf("pod %d: push arrives\n", pod);
#ifdef MUTANT_ECHO_COUNTED
            if
            :: channel[pod].echo -> channel[pod].echo = 0
            :: else -> l1[pod].value = 0; move_epoch(pod)
            fi
#else
            l1[pod].value = 0;
            move_epoch(pod)
#endif
       }
    :: d_step { channel[pod].up -> /* the connection is cut: what was on its way is lost */
            channel[pod].up = 0;
            channel[pod].pending = 0;
            printf("pod %d: tracking connection cut\n", pod)
       }
    :: d_step { !channel[pod].up -> /* reconnected, CLIENT TRACKING acknowledged: nothing is proven */
            channel[pod].up = 1;
            channel[pod].lease = 1;
            channel[pod].echo = 0;
            printf("pod %d: tracking again\n", pod);
#ifndef MUTANT_NO_FLUSH_ON_RECONNECT
            l1[pod].value = 0;
#endif
#ifndef MUTANT_PROOF_NOTED_AT_FILL
            move_epoch(pod) /* flights that began under the old proof */
#endif
       }
    od
}

/* One lease has passed since the last revocation returned: pods that cannot have heard of it have lost theirs. (The lease
 * counts from the sending of the heartbeat, not from its answer; otherwise this were not so.) */
inline lapse_unless_told(pod) {
    channel[pod].lease = channel[pod].up && !channel[pod].pending
}

proctype LeasePasses() {
end:
    do
    :: d_step { ghost_somebody_waits_for_lease() ->
            lapse_unless_told(0);
            lapse_unless_told(1);
            printf("time: a lease has passed since the revocation; leases %d %d\n", channel[0].lease, channel[1].lease);
            ghost_lease_passed()
       }
    od
}
#else
#define announce() skip
#endif
