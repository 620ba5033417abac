/* Lifecycle events, and callers of Invalidate. L1, then L2, then L1 again: what was read from L2 between the first and
 * the second step must not stay. "Returned" means that L2 has acknowledged. */

inline revoke_l1(pod, version) {
    if
    :: DENIED(version) -> deny_l1(pod, version); ghost_denied(pod, version)
    :: else ->
        learn(pod, version);
        ghost_see(pod, version);
        move_epoch(pod);
        l1[pod].value = 0;
        printf("pod %d: invalidated in L1\n", pod)
    fi
}

/* On either pod, for any version that exists: late and doubled events included. */
inline handle_event(pod, version) {
    revoking_on = pod;
    revoking_version = version;
    printf("pod %d: handles the event of version %d\n", pod, version);
    revoke_l1(pod, version);
    ghost_known(pod, version);
    revoking = 1
}

proctype Revocations() {
end:
    do
    :: d_step { revoking == 0 && source >= 2 -> handle_event(0, 2) }
    :: d_step { revoking == 0 && source >= 2 -> handle_event(1, 2) }
    :: d_step { revoking == 0 && source >= 3 -> handle_event(0, 3) }
    :: d_step { revoking == 0 && source >= 3 -> handle_event(1, 3) }
    :: d_step { revoking == 1 ->
            if
            :: DENIED(revoking_version) -> script_deny(revoking_version)
            :: else -> script_invalidate()
            fi;
            revoking = 2
       }
    :: d_step { revoking == 1 -> printf("pod %d: L2 did not answer, the revocation has not returned\n", revoking_on); revoking = 0; revoking_on = 0; revoking_version = 0 }
    :: d_step { revoking == 2 ->
#ifndef MUTANT_EPOCH_ONLY_BEFORE_L2
            revoke_l1(revoking_on, revoking_version);
#endif
            printf("pod %d: the revocation by version %d has returned\n", revoking_on, revoking_version);
            ghost_revoked(revoking_on, revoking_version);
            revoking = 0; revoking_on = 0; revoking_version = 0
       }
    od
}
