/* Everything that is state. Steps are atomic actions on it; the processes themselves have none. */

/* The version that the source answers with. Version 1 is an active tenant. With SUSPENSION version 2 is suspended and 3
 * active again; without it every version is active (credentials were rotated) and callers invalidate the key. */
byte source = 1;
#ifdef SUSPENSION
#define DENIED(version) ((version) == 2)
#else
#define DENIED(version) false
#endif

/* Valkey: the value key, and the fence beside it (generation, highest revision, tombstone). 0 = absent. */
typedef Keyspace { byte value; byte generation; byte revision; bit denied }
Keyspace l2;
#ifdef FAILOVER
Keyspace replica;  /* what the replica has when the primary dies: some earlier state of l2 */
byte failover = 0; /* 0: not yet; 1: the replica's state is settled; 2: it has been promoted */
#endif

/* The memory of one pod. */
typedef Memory {
    byte value;     /* version of the entry, 0 = none */
    byte tombstone; /* revision of the denial, 0 = none */
    byte highest    /* highest revision ever seen: outlives the entry */
}
Memory l1[PODS];

#ifdef COHERENCE
/* The tracking connection of one pod. */
typedef Channel {
    bit up;      /* the server tracks for us */
    bit pending; /* a push is on its way; pushes of one key merge, as they do with BCAST */
    bit lease;   /* a heartbeat was answered recently enough */
    bit echo     /* only for the mutant that counts echoes of its own writes */
}
Channel channel[PODS];
#endif

/* A fetch, a refresh, a revalidation or a skip-cache read in flight. */
#define IDLE 0
#define READ_L2 1 /* holds a value read from L2, about to fill L1 */
#define ASKING 2  /* noted epoch and generation, the source has been asked */
#define ANSWERED 3 /* holds the answer of the source, about to write L2 */
#define DENYING 4 /* denied in L1, about to deny in L2 */
#define WRITTEN 5 /* has passed the fence (or L2 is unreachable), about to fill L1 */
typedef Op {
    byte step;
    byte held;  /* version in hand */
    byte token; /* generation noted; 0 = none, L2 was unreachable: may not write there */
    bit moved   /* the epoch of the key has moved since it was noted */
}
Op op[OPS];

/* The event handler (or a caller of Invalidate), one at a time, on either pod. */
byte revoking = 0;   /* 0 idle; 1 L1 done, L2 next; 2 L2 done, L1 again and return */
byte revoking_on = 0;
byte revoking_version = 0;

byte each, accepted; /* temporaries of one step, 0 between steps */
