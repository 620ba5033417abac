/* Two pods, one tenant, two tiers: the protocol that keeps a revoked value from coming back.
 *
 * Read in this order: source, valkey, memory, coherence, flight, revocation, faults, properties. docs/protocol.md
 * explains the races; eng/check-model says which configurations are checked and with which switches.
 *
 * Bounds. 2 pods; 1 tenant, hence 1 key; OPS flights at once (2 or 3), placed on the pods by POD_OF; MAX_VERSION versions
 * at the source; 1 revocation handled at a time, any number of them one after another; 1 failover (with FAILOVER);
 * any number of flights, events, pushes, cuts, reconnects, lapsed leases, evictions, flushes and restarts.
 * Within these bounds every interleaving is visited.
 *
 * Abstractions that keep the state space small and lose no behaviour:
 *  - a value is the version of the source it was read from; the version decides the status (see source.pml);
 *  - an event is no message: a pod may handle the event of any version that exists, at any moment, as often as it
 *    likes, or never. That is loss, delay, doubling and reordering at once;
 *  - an epoch is no number: each flight holds one bit, "moved since I noted it";
 *  - of generation tokens only equality is kept (see valkey.pml);
 *  - a command that Valkey runs is one step; that it fails, before or after it ran, is a branch, not a state;
 *  - time is no number: the lease is valid or not, and `lease_passed` is the moment at which a lease that was not
 *    renewed since the last revocation would have run out.
 */

#ifndef MAX_VERSION
#define MAX_VERSION 3
#endif
#ifndef OPS
#define OPS 2
#endif
#ifdef SAME_POD
#define POD_OF(i) 0
#else
#define POD_OF(i) ((i) % 2) /* one flight per pod; a third one on the first pod */
#endif
#define PODS 2

#define MAX(a, b) ((a) > (b) -> (a) : (b))
#define MIN(a, b) ((a) < (b) -> (a) : (b))

#include "state.pml"
#include "properties.pml"
#include "source.pml"
#include "memory.pml"
#include "coherence.pml"
#include "valkey.pml"
#include "flight.pml"
#include "revocation.pml"
#include "faults.pml"
#include "monitor.pml"

init {
    atomic {
        run Source();
#ifdef COHERENCE
        run Coherence(0); run Coherence(1); run LeasePasses();
#endif
        run Flights(0); run Flights(1);
#if OPS > 2
        run Flights(2);
#endif
        run Revocations();
        run Faults();
        run Monitor();
    }
}
