/* What L1 could answer at this moment, in every state. */

proctype Monitor() {
end:
    d_step { VIOLATED(0) || VIOLATED(1) ->
        printf("monitor: L1 of pod 0 serves version %d (tombstone %d), of pod 1 version %d (tombstone %d)\n",
            l1[0].value, l1[0].tombstone, l1[1].value, l1[1].tombstone);
        assert(false)
    }
}
