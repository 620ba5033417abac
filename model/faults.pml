/* What happens to Valkey and to the pods. Connections fail in coherence.pml, single commands where they are run. */

#ifdef COHERENCE
#define FLUSHED() announce()
inline cut_all() {
    for (each : 0 .. PODS - 1) { channel[each].up = 0; channel[each].pending = 0 }
    each = 0
}
#else
#define FLUSHED() skip
#define cut_all() skip
#endif

#ifdef EVICTION
inline evict(pod) {
    l1[pod].value = 0;
    l1[pod].tombstone = 0;
#ifdef MUTANT_REVISION_EVICTED
    l1[pod].highest = 0;
#endif
    printf("pod %d: evicts its entry\n", pod)
}
#endif

#ifdef RESTART
inline restart(pod) {
    printf("pod %d: restarts\n", pod);
    l1[pod].value = 0;
    l1[pod].tombstone = 0;
    l1[pod].highest = 0;
    ghost_restarted(pod);
    for (each : 0 .. OPS - 1) {
        if
        :: POD_OF(each) == pod -> finish(each)
        :: else
        fi
    }
    each = 0;
    if
    :: revoking != 0 && revoking_on == pod -> revoking = 0; revoking_on = 0; revoking_version = 0
    :: else
    fi;
#ifdef COHERENCE
    channel[pod].up = 0; channel[pod].pending = 0; channel[pod].lease = 0; channel[pod].echo = 0;
#endif
}
#endif

proctype Faults() {
end:
    do
    :: false
#ifdef EVICTION
    /* L1 makes room, or the tombstone has reached its end. (A lookup may ignore an entry at any time, in either tier, so
     * this matters only for what is forgotten with the entry.) */
    :: d_step { l1[0].value != 0 || l1[0].tombstone != 0 -> evict(0) }
    :: d_step { l1[1].value != 0 || l1[1].tombstone != 0 -> evict(1) }
#endif

#ifdef FLUSH
    :: d_step { l2.generation != 0 -> /* FLUSHALL, or a restart without data while connections survive or not */
            lose_generation(); l2.value = 0; l2.revision = 0; l2.denied = 0;
            FLUSHED();
            printf("valkey: everything is gone\n")
       }
    :: d_step { l2.generation != 0 -> /* the fence alone is evicted */
            lose_generation(); l2.revision = 0; l2.denied = 0;
            printf("valkey: the fence is gone\n")
       }
#endif

#ifdef FAILOVER
    :: d_step { failover == 0 -> /* from here on nothing reaches the replica */
            failover = 1;
            replica.value = l2.value; replica.generation = l2.generation;
            replica.revision = l2.revision; replica.denied = l2.denied;
            ghost_replica_settled();
            printf("valkey: the replica has seen the last write it will see\n")
       }
    :: d_step { failover == 1 ->
            failover = 2;
            l2.value = replica.value; l2.generation = replica.generation;
            l2.revision = replica.revision; l2.denied = replica.denied;
            kill_tokens_except(l2.generation);
            replica.value = 0; replica.generation = 0; replica.revision = 0; replica.denied = 0;
            cut_all();
            ghost_failed_over();
            printf("valkey: failover, value %d, generation %d, revision %d, denied %d\n",
                l2.value, l2.generation, l2.revision, l2.denied)
       }
#endif

#ifdef RESTART
    :: d_step { true -> restart(0) }
    :: d_step { true -> restart(1) }
#endif
    od
}
