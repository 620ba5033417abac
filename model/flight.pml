/* Lookups that L1 does not answer (it may have been evicted at any moment), background refreshes, revalidations, skip-cache reads: L2, source, L2, L1.
 * The epoch is noted with the first step, before L2 or the source is read. A flight that cannot note a generation, because
 * L2 is away, may not write there: the same as one that noted it and cannot write. */

inline begin(i) {
    op[i].moved = 0;
    ghost_begin(i)
}

inline finish(i) {
    op[i].step = IDLE;
    op[i].held = 0;
    op[i].token = 0;
    op[i].moved = 0;
    ghost_finish(i)
}

/* The caller gets what the flight holds, or (overtaken by something newer) looks up again. */
inline answer(i, pod) {
    if
    :: MAY_ANSWER(pod, op[i].held) ->
        printf("pod %d flight %d: answers version %d\n", pod, i, op[i].held);
        check_answer(i, pod, op[i].held);
        learn(pod, op[i].held);
        ghost_see(pod, op[i].held)
    :: else ->
        printf("pod %d flight %d: version %d is outdated, looks up again\n", pod, i, op[i].held)
    fi
}

#ifdef MUTANT_STALE_AFTER_DENIAL
#define MAY_SERVE_STALE(pod) (l1[pod].value != 0)
#else
#define MAY_SERVE_STALE(pod) (l1[pod].value != 0 && l1[pod].tombstone == 0)
#endif

#ifdef MUTANT_NO_EPOCH
#define EPOCH_FORGOTTEN 1
#else
#define EPOCH_FORGOTTEN 0
#endif
#if defined(MUTANT_L2_FILL_WITHOUT_EPOCH) || defined(MUTANT_NO_EPOCH)
#define EPOCH_FORGOTTEN_L2 1
#else
#define EPOCH_FORGOTTEN_L2 0
#endif

/* L2 says denied: believed unless this pod knows something newer (a reactivation). */
#define L2_DENIES(pod) (l2.denied && l2.revision >= HIGHEST(pod))

proctype Flights(byte i) {
end:
    do
    /* A lookup: L2 first. One script reads value and tombstone, and notes the generation on a miss. */
    :: d_step { op[i].step == IDLE && L2_DENIES(POD_OF(i)) ->
            begin(i);
            printf("pod %d flight %d: L2 says denied\n", POD_OF(i), i);
            deny_l1(POD_OF(i), l2.revision);
            ghost_denied(POD_OF(i), l2.revision);
            finish(i)
       }
    :: d_step { op[i].step == IDLE && !L2_DENIES(POD_OF(i)) && l2.value != 0 ->
            begin(i);
            op[i].held = l2.value;
            op[i].step = READ_L2;
            printf("pod %d flight %d: reads version %d from L2\n", POD_OF(i), i, l2.value)
       }
    /* A miss; or a refresh, a revalidation, a skip-cache read: the source, whatever L2 has. */
    :: d_step { op[i].step == IDLE ->
            begin(i);
            script_note(i);
            printf("pod %d flight %d: notes generation %d\n", POD_OF(i), i, op[i].token);
#ifdef COHERENCE
            op[i].held = source; /* asked and answered at once: a later answer could only be newer */
            op[i].step = ANSWERED;
            printf("pod %d flight %d: the source answers version %d\n", POD_OF(i), i, source)
#else
            op[i].step = ASKING
#endif
       }
#ifndef COHERENCE
    :: d_step { op[i].step == ASKING ->
            op[i].held = source;
            op[i].step = ANSWERED;
            printf("pod %d flight %d: the source answers version %d\n", POD_OF(i), i, source)
       }
    /* Stale-if-error: what L1 still holds, except to callers of a denied tenant. */
    :: d_step { op[i].step == ASKING ->
            printf("pod %d flight %d: the source does not answer\n", POD_OF(i), i);
            if
            :: MAY_SERVE_STALE(POD_OF(i)) ->
                printf("pod %d flight %d: answers stale version %d\n", POD_OF(i), i, l1[POD_OF(i)].value);
                check_stale(POD_OF(i), l1[POD_OF(i)].value)
            :: else
            fi;
            finish(i)
       }
#endif

    /* Denied: L1 at once, then L2. */
    :: d_step { op[i].step == ANSWERED && DENIED(op[i].held) ->
            deny_l1(POD_OF(i), op[i].held);
            ghost_denied(POD_OF(i), op[i].held);
            ghost_revalidated(i);
            op[i].step = DENYING;
            op[i].token = 0
       }
    :: d_step { op[i].step == DENYING -> script_deny(op[i].held); finish(i) }
    :: d_step { op[i].step == DENYING -> finish(i) } /* L2 does not answer: the next revalidation asserts it again */

    /* Found: through the fence. */
    :: d_step { op[i].step == ANSWERED && !DENIED(op[i].held) ->
            script_store(i);
            if
            :: accepted -> op[i].step = WRITTEN; op[i].token = 0
            :: else -> /* overtaken: the caller has its answer, nobody else gets it */
                ghost_revalidated(i);
                answer(i, POD_OF(i));
                finish(i)
            fi;
            accepted = 0
       }
    :: d_step { op[i].step == ANSWERED && !DENIED(op[i].held) ->
            script_store(i);
            accepted = 0;
            op[i].step = WRITTEN;
            op[i].token = 0;
            printf("pod %d flight %d: never learns whether it was stored\n", POD_OF(i), i)
       }
    :: d_step { op[i].step == ANSWERED && !DENIED(op[i].held) -> /* L2 does not answer */
            op[i].step = WRITTEN;
            op[i].token = 0;
            printf("pod %d flight %d: cannot write L2\n", POD_OF(i), i)
       }
    :: d_step { op[i].step == WRITTEN ->
            ghost_revalidated(i);
            fill(i, POD_OF(i), EPOCH_FORGOTTEN);
            answer(i, POD_OF(i));
            finish(i)
       }
    :: d_step { op[i].step == READ_L2 ->
            fill(i, POD_OF(i), EPOCH_FORGOTTEN_L2);
            answer(i, POD_OF(i));
            finish(i)
       }
    od
}
