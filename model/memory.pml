/* L1. Every path that fills it goes through `fill`; every answer to a caller goes through `may_answer`. */

/* A pod learns a revision from every answer and every event, whether or not it may fill L1 with it: what it holds that is
 * older goes, entry or tombstone. */
#ifdef REVISIONS
#define HIGHEST(pod) l1[pod].highest
inline learn(pod, version) {
    l1[pod].highest = MAX(l1[pod].highest, version);
#ifndef MUTANT_OLDER_ENTRY_KEPT
    if
    :: l1[pod].value < l1[pod].highest -> l1[pod].value = 0
    :: else
    fi;
    if
    :: l1[pod].tombstone < l1[pod].highest -> l1[pod].tombstone = 0
    :: else
    fi
#endif
}
#else
#define HIGHEST(pod) 0 /* values without revisions: generations and epochs are all there is */
#define learn(pod, version) skip
#endif

#ifdef COHERENCE
#ifdef MUTANT_NO_LEASE
#define FRESH(pod) (l1[pod].value != 0)
#else
#define FRESH(pod) (l1[pod].value != 0 && channel[pod].lease)
#endif
#else
/* Without COHERENCE an entry is servable at any moment: more than any coherence would allow. */
#define FRESH(pod) (l1[pod].value != 0)
#endif

/* Moves the epoch of the key: whatever is in flight on this pod may not fill L1 any more. */
inline move_epoch(pod) {
    for (each : 0 .. OPS - 1) {
        if
        :: POD_OF(each) == pod && op[each].step != IDLE -> op[each].moved = 1
        :: else
        fi
    }
    each = 0
}


/* What an answer may be: never older than what this pod has seen. */
#ifdef MUTANT_ANSWER_UNCHECKED
#define MAY_ANSWER(pod, version) true
#else
#define MAY_ANSWER(pod, version) ((version) >= HIGHEST(pod))
#endif

/* `unguarded` is 1 where a mutant has forgotten the epoch. */
inline fill(i, pod, unguarded) {
    if
    :: (!op[i].moved || unguarded) && op[i].held >= HIGHEST(pod) ->
        l1[pod].value = op[i].held;
        l1[pod].tombstone = 0;
        printf("pod %d flight %d: fills L1 with version %d\n", pod, i, op[i].held)
    :: else ->
        printf("pod %d flight %d: may not fill L1 with version %d\n", pod, i, op[i].held)
    fi
}

/* A denial outranks whatever is there, unless the pod knows something newer. */
inline deny_l1(pod, version) {
    if
    :: version >= HIGHEST(pod) ->
        move_epoch(pod);
        l1[pod].tombstone = version;
#if defined(MUTANT_STALE_AFTER_DENIAL)
        l1[pod].highest = version;
#elif defined(MUTANT_TOMBSTONE_WITHOUT_REVISION)
        l1[pod].value = 0;
#else
        l1[pod].value = 0;
        learn(pod, version);
#endif
        printf("pod %d: denied by revision %d\n", pod, version)
    :: else ->
        printf("pod %d: late denial by revision %d ignored\n", pod, version)
    fi
}
