/*
 * One move of one key from shard S to shard T, while proxies and a client beside them read and write.
 *
 *   2 proxies   route by the topology that they know, which may be old; may be frozen between any two steps
 *   1 writer    goes to S directly, past the proxies
 *   2 movers    the second takes over at any time; the first may sleep at any step and wake up after that, or never (a crash)
 *
 * The row is a counter and each write adds one, so `committed`, the number of writes that were ever committed, is what the row must show.
 *
 *   no lost write    the row on the shard that owns it is `committed`: no write missing, none applied twice
 *   no stale read    a read gives at least what was committed before the read began
 *
 * Every measure of the protocol has a switch; check.sh takes them away one at a time, and each time a violation must be found.
 */

/* Before the flip the mover shuts out proxies that have not acknowledged the pause: raises the lowest version accepted, ends sessions. */
#ifndef FENCE
#define FENCE 1
#endif
/* The lowest version is raised before sessions are ended, not after. */
#ifndef FENCE_RAISES_FIRST
#define FENCE_RAISES_FIRST 1
#endif
/* The catalog, S and T refuse a mover whose token is not the newest. */
#ifndef TOKEN
#define TOKEN 1
#endif
/* The last drain comes after the barrier. */
#ifndef DRAIN_AFTER_BARRIER
#define DRAIN_AFTER_BARRIER 1
#endif
/* The mover waits for acknowledgements (or fences) at all. */
#ifndef BARRIER
#define BARRIER 1
#endif
/* A proxy acknowledges when nothing that it began under an older version is left. */
#ifndef ACKNOWLEDGE_WHEN_ENDED
#define ACKNOWLEDGE_WHEN_ENDED 1
#endif
/* Triggers before the copy. */
#ifndef CAPTURE_FIRST
#define CAPTURE_FIRST 1
#endif
/* A drain takes outbox entries first, and then reads the rows as they are. */
#ifndef ENTRIES_FIRST
#define ENTRIES_FIRST 1
#endif
/* A drain commits on T first, and then removes the entries from S. */
#ifndef COMMIT_T_FIRST
#define COMMIT_T_FIRST 1
#endif
/* S refuses writes before the last drain. */
#ifndef REFUSE_FIRST
#define REFUSE_FIRST 1
#endif
/* Whether there is a writer past the proxies. */
#ifndef DIRECT
#define DIRECT 1
#endif
/* How many proxies write as well as read; how many movers, writes in all, and topology versions there are. */
#ifndef WRITING_PROXIES
#define WRITING_PROXIES 2
#endif
#ifndef MOVERS
#define MOVERS 2
#endif
#ifndef WRITES
#define WRITES 2
#endif
#ifndef VERSIONS
#define VERSIONS 5
#endif

#define S 0
#define T 1
#define CATALOG 2
#define PROXIES 2

/* What a topology version says of the key. */
#define OWNED_BY_S 0
#define PAUSED 1
#define OWNED_BY_T 2

/* Who holds the lock of the row: proxy p as p + 1, or the writer. */
#define NOBODY 0
#define WRITER 9

byte meaning[VERSIONS];
byte version = 0;
bool flipped = false;            /* with the version, in one transaction of the catalog */

byte value[2];                   /* committed */
byte locked[2];                  /* by whom: there is an uncommitted write of his */
byte accepted[2];                /* lowest version with which a session may attach */
bool session[4];                 /* proxy * 2 + shard */
byte acknowledged[PROXIES];

bool capturing = false;          /* triggers on S */
byte outbox = 0;                 /* entries that are committed */
bool copied = false;             /* the cursor, on T */
bool refusing = false;           /* S refuses writes */

byte tokens = 0;
byte token[3];                   /* newest mover known to S, T and the catalog */

byte begun = 0;
byte committed = 0;

#define mine(where) (!TOKEN || token[where] == me)
#define check_no_lost_write() assert(value[(flipped -> T : S)] == committed)

/* Commits the write that holds the row's lock. */
inline commit(shard) {
  value[shard]++;
  committed++;
  if
  :: shard == S && capturing -> outbox++
  :: else
  fi;
  locked[shard] = NOBODY;
  check_no_lost_write()
}

inline end_session(p, shard) {
  session[p * 2 + shard] = false;
  if
  :: locked[shard] == p + 1 -> locked[shard] = NOBODY     /* rolled back */
  :: else
  fi
}

proctype Proxy(byte p) {
  byte known = 0, shard = 0, before = 0;
  bool attached = false;
end:
  do
  :: known != version -> known = version                  /* looks, or is notified */
  :: acknowledged[p] != known -> acknowledged[p] = known  /* nothing in flight here */

  :: meaning[known] != PAUSED ->
     d_step { shard = (meaning[known] == OWNED_BY_T -> T : S); before = committed };
     /* Frozen here for any time: what follows happens on the server. */
#if !ACKNOWLEDGE_WHEN_ENDED
     if
     :: atomic { known = version; acknowledged[p] = known }
     :: true
     fi;
#endif
     atomic {
       if
       :: session[p * 2 + shard] -> attached = true
       :: !session[p * 2 + shard] && known >= accepted[shard] -> session[p * 2 + shard] = true; attached = true
       :: !session[p * 2 + shard] && known < accepted[shard] -> attached = false
       fi
     };
     if
     :: !attached -> skip                                 /* an error, and the topology is read again */
     :: attached ->
        if
        :: atomic {                                       /* a read */
             if
             :: session[p * 2 + shard] -> assert(value[shard] >= before)
             :: else
             fi
           }
        :: begun < WRITES && p < WRITING_PROXIES ->
           atomic {                                       /* a write, in a transaction: waits for the row's lock */
             if
             :: !session[p * 2 + shard] -> attached = false
             :: session[p * 2 + shard] && begun < WRITES && shard == S && refusing -> attached = false
             :: session[p * 2 + shard] && begun < WRITES && !(shard == S && refusing) && locked[shard] == NOBODY ->
                locked[shard] = p + 1; begun++
             :: begun >= WRITES -> attached = false
             fi
           };
           if
           :: !attached
           :: attached ->
              atomic {
                if
                :: locked[shard] == p + 1 -> commit(shard)
                :: locked[shard] != p + 1 -> skip         /* its session was ended */
                fi
              }
           fi
        fi
     fi;
     d_step { shard = 0; before = 0; attached = false }
  od
}

/* A client that knows S only. It may read what is old there; its writes are refused or kept. */
proctype DirectWriter() {
end:
  do
  :: atomic { begun < WRITES && !refusing && locked[S] == NOBODY -> locked[S] = WRITER; begun++ };
     atomic { commit(S) }
  :: begun == WRITES -> break
  od
}

/* Copies what is new since the last drain. One transaction on each shard; leaves when the mover is not the newest any more. */
inline drain() {
#if ENTRIES_FIRST
  taken = outbox;
  row = value[S];
#else
  row = value[S];
  taken = outbox;
#endif
#if COMMIT_T_FIRST
  apply();
  remove()
#else
  remove();
  apply()
#endif
}

inline apply() {
  atomic {
    if
    :: mine(T) -> if :: taken > 0 -> value[T] = row; check_no_lost_write() :: else fi
    :: else -> goto gone
    fi
  }
}

inline remove() {
  atomic {
    if
    :: mine(S) -> outbox = (outbox > taken -> outbox - taken : 0)
    :: else -> goto gone
    fi
  }
}

inline raise(p) {
  atomic { accepted[S] = (pause > accepted[S] -> pause : accepted[S]) };
  atomic { accepted[T] = (pause > accepted[T] -> pause : accepted[T]) }
}

inline end_sessions(p) {
  atomic { end_session(p, S) };
  atomic { end_session(p, T) }
}

inline fence(p) {
#if FENCE
#if FENCE_RAISES_FIRST
  raise(p);
  end_sessions(p)
#else
  end_sessions(p);
  raise(p)
#endif
#else
  skip
#endif
}

inline capture() {
  atomic {                       /* CREATE TRIGGER waits for transactions that have written */
    if
    :: locked[S] == NOBODY && mine(S) -> capturing = true
    :: !mine(S) -> goto gone
    fi
  }
}

inline copy() {
  row = value[S];
  atomic {                       /* the cursor is in the same transaction; ON CONFLICT DO NOTHING */
    if
    :: !mine(T) -> goto gone
    :: mine(T) && !copied -> value[T] = row; copied = true; check_no_lost_write()
    :: mine(T) && copied
    fi
  }
}

inline refuse() {
  atomic {                       /* waits for transactions that have written, or for their end by the barrier */
    if
    :: locked[S] == NOBODY && mine(S) -> refusing = true
    :: !mine(S) -> goto gone
    fi
  }
}

inline publish(what) {
  atomic {
    if
    :: version == VERSIONS - 1 -> goto gone
    :: version < VERSIONS - 1 && mine(CATALOG) && !flipped ->
       version++; meaning[version] = what;
       if :: what == OWNED_BY_T -> flipped = true; check_no_lost_write() :: else fi
    :: else -> goto gone
    fi
  }
}

proctype Mover() {
  byte me = 0, pause = 0, p = 0, row = 0, taken = 0;
  /* Takes the lock: first the catalog knows its token, then S and T. */
  atomic { tokens++; me = tokens; token[CATALOG] = me };
  atomic { if :: me > token[S] -> token[S] = me :: else -> goto gone fi };
  atomic { if :: me > token[T] -> token[T] = me :: else -> goto gone fi };
  if :: flipped -> goto gone :: else fi;
  /* What a predecessor has left: the pause ends, its refusal too. */
  if
  :: refusing -> atomic { if :: mine(S) -> refusing = false :: else -> goto gone fi }
  :: else
  fi;
  if
  :: meaning[version] == PAUSED -> publish(OWNED_BY_S)
  :: else
  fi;
#if CAPTURE_FIRST
  if :: !capturing -> capture() :: else fi;
  if :: !copied -> copy() :: else fi;
#else
  if :: !copied -> copy() :: else fi;
  if :: !capturing -> capture() :: else fi;
#endif
  /* Catches up as often as it likes; once shows what more would. */
  if :: outbox > 0 -> drain() :: true fi;

  publish(PAUSED);
  pause = version;
#if !DRAIN_AFTER_BARRIER
  do :: outbox > 0 -> drain() :: else -> break od;
#endif
  p = 0;
#if BARRIER
  do
  :: p < PROXIES && acknowledged[p] >= pause -> p++
  :: p < PROXIES && acknowledged[p] < pause -> fence(p); p++    /* has waited long enough */
  :: p == PROXIES -> break
  od;
#endif
#if REFUSE_FIRST
  refuse();
#endif
#if DRAIN_AFTER_BARRIER
  do :: outbox > 0 -> drain() :: else -> break od;
#endif
#if !REFUSE_FIRST
  refuse();
#endif
  publish(OWNED_BY_T);
#ifdef REACH
  /* Not an invariant: shows that a move with writes on both sides can be finished. */
  assert(!(flipped && value[S] > 0 && value[T] > value[S]))
#endif
gone:
  skip
}

#ifdef REACH
/* Writes on T come after the flip, when the movers have ended. */
proctype Witness() {
end:
  atomic { flipped && value[S] > 0 && value[T] > value[S] -> assert(false) }
}
#endif

init {
  atomic {
    run Proxy(0);
    run Proxy(1);
#if DIRECT
    run DirectWriter();
#endif
    run Mover();
#if MOVERS > 1
    run Mover();
#endif
#ifdef REACH
    run Witness();
#endif
  }
}
