/* The tenant-manager: suspends, reactivates, or rotates credentials, whenever it likes. */

proctype Source() {
end:
    do
    :: d_step { source < MAX_VERSION ->
            source++;
            printf("source: version %d, %d (1 = suspended)\n", source, DENIED(source));
            ghost_source_changed()
       }
    od
}
