/* The scripts. Each runs alone on the server and touches only keys of one slot. */

/* Only whether tokens are equal matters, and an old one can only come back with the replica. So two numbers are enough
 * for those that live, and one for all that can never match again. */
#define DEAD 3
#ifdef FAILOVER
#define REPLICA_GENERATION replica.generation
#else
#define REPLICA_GENERATION 0
#endif

inline kill_tokens_except(kept) {
    for (each : 0 .. OPS - 1) {
        if
        :: op[each].token != 0 && op[each].token != kept && op[each].token != REPLICA_GENERATION -> op[each].token = DEAD
        :: else
        fi
    }
    each = 0
}

/* A token that nobody holds: what 16 random bytes are. */
inline new_generation() {
#ifdef MUTANT_COUNTER
    if
    :: l2.generation < 6 -> l2.generation++ /* a missing counter begins at 1 again */
    :: else
    fi
#else
    kill_tokens_except(0);
    l2.generation = (REPLICA_GENERATION == 1 -> 2 : 1)
#endif
}

inline lose_generation() {
#ifndef MUTANT_COUNTER
    kill_tokens_except(0);
#endif
    l2.generation = 0
}

/* note: a missing fence is created, so that it never matches a token noted earlier. */
inline script_note(i) {
    if
    :: l2.generation == 0 -> new_generation()
    :: else
    fi;
    op[i].token = l2.generation
}

#ifdef REVISIONS
#define REVISION_PASSES(version) ((version) >= l2.revision && (!l2.denied || (version) > l2.revision))
#else
#define REVISION_PASSES(version) true
#endif

#ifdef MUTANT_NO_FENCE
#define PASSES(i) true
#else
#define PASSES(i) (op[i].token == l2.generation && REVISION_PASSES(op[i].held))
#endif

/* store: only under the noted generation, only a revision that is not older; a newer one lifts a tombstone. */
inline script_store(i) {
    accepted = PASSES(i);
    if
    :: accepted ->
        l2.value = op[i].held;
#ifdef REVISIONS
        l2.revision = op[i].held;
#endif
        l2.denied = 0;
        announce();
#ifdef MUTANT_ECHO_COUNTED
        channel[POD_OF(i)].echo = channel[POD_OF(i)].up;
#endif
        printf("valkey: stores version %d of flight %d\n", op[i].held, i)
    :: else ->
        printf("valkey: refuses version %d of flight %d\n", op[i].held, i)
    fi
}

/* invalidate: keeps revision and tombstone. */
inline script_invalidate() {
    new_generation();
    l2.value = 0;
    announce();
    printf("valkey: invalidated\n")
}

inline script_deny(version) {
    if
    :: version >= l2.revision ->
        new_generation();
        l2.value = 0;
#ifdef MUTANT_TOMBSTONE_WITHOUT_REVISION
        l2.denied = 1;
#else
        l2.denied = 1;
        l2.revision = version;
#endif
        announce();
        printf("valkey: denied by revision %d\n", version)
    :: else ->
        printf("valkey: late denial by revision %d refused\n", version)
    fi
}
