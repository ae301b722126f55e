/*
 * Reads over all shards while one key moves from S to T. Such a read is two reads, of S and of T, one after the other, and must find the
 * row exactly once, and no older than what was committed before it began.
 *
 * The row is on both shards from the copy to the end of the clean-up; views over the rows hide it on one of them. Statements
 * go through the views while a move runs, and to the tables otherwise. Proxies may be frozen at any step. That S and T agree at the flip is the
 * matter of move.pml; here the copy, the drain and the barrier are one step each.
 */

/* The copy waits until all proxies read through the views. */
#ifndef VIEWS_BEFORE_COPY
#define VIEWS_BEFORE_COPY 1
#endif
/* The pause holds up reads over all shards, too. */
#ifndef PAUSE_SCATTER
#define PAUSE_SCATTER 1
#endif
/* They go on when the views are switched on both shards, not at the flip. */
#ifndef SWITCH_BEFORE_RELEASE
#define SWITCH_BEFORE_RELEASE 1
#endif
/* The views stay until all proxies are done with them and S is clean. */
#ifndef CLEAN_BEFORE_TABLES
#define CLEAN_BEFORE_TABLES 1
#endif

#define S 0
#define T 1
#define PROXIES 2
#define WRITES 2

/* What the topology versions say, in this order. */
#define TABLES 0          /* no move: tables are read */
#define VIEWS 1           /* incoming on T, hidden there */
#define PAUSED 2
#define FLIPPED 3         /* T owns the key; statements on it go on */
#define RELEASED 4        /* so do those over all shards, through views */
#define DONE 5            /* tables again */

byte version = TABLES;
byte acknowledged[PROXIES];
bool cut[PROXIES];                /* its sessions were ended; a statement that runs fails */

bool present[2];
bool unseen[2];
byte value[2];
byte committed = 0;

#define owner(v) ((v) >= FLIPPED -> T : S)

inline look(shard) {
  atomic {
    if
    :: cut[p] -> failed = true
    :: !cut[p] && present[shard] && !(views && unseen[shard]) -> found++; seen = value[shard]
    :: else
    fi
  }
}

proctype Proxy(byte p) {
  byte known = TABLES, before = 0, found = 0, seen = 0;
  bool failed = false, views = false;
end:
  do
  :: known != version -> known = version
  :: acknowledged[p] != known -> acknowledged[p] = known
  :: atomic { cut[p] && known == version -> cut[p] = false }   /* connects anew, with a version that is accepted */
  :: known != FLIPPED && (known != PAUSED || !PAUSE_SCATTER) && !cut[p] ->
     d_step { before = committed; views = (known != TABLES && known != DONE) };
     if
     :: true -> look(S); look(T)
     :: true -> look(T); look(S)
     fi;
     assert(failed || found == 1);
     assert(failed || seen >= before);
     d_step { before = 0; found = 0; seen = 0; failed = false; views = false }
#if !SWITCH_BEFORE_RELEASE
  :: known == FLIPPED && !cut[p] ->
     d_step { before = committed; views = true };
     look(S); look(T);
     assert(failed || found == 1);
     assert(failed || seen >= before);
     d_step { before = 0; found = 0; seen = 0; failed = false; views = false }
#endif
  od
}

/* Writes the key, where it is. The outbox is drained with it. */
proctype Writer() {
end:
  do
  :: committed == WRITES -> break
  :: atomic {
       committed < WRITES && version != PAUSED ->
       committed++;
       value[owner(version)] = committed;
       if :: owner(version) == S && present[T] -> value[T] = committed :: else fi
     }
  od
}

inline publish(what) { version = what }

/* Waits, or ends the sessions of who has not answered. */
inline barrier() {
  i = 0;
  do
  :: i < PROXIES && acknowledged[i] >= version -> i++
  :: i < PROXIES && acknowledged[i] < version -> cut[i] = true; i++
  :: i == PROXIES -> break
  od;
  i = 0
}

proctype Mover() {
  byte i = 0;
  unseen[T] = true;
#if VIEWS_BEFORE_COPY
  publish(VIEWS);
  barrier();
  atomic { present[T] = true; value[T] = value[S] };
#else
  atomic { present[T] = true; value[T] = value[S] };
  publish(VIEWS);
  barrier();
#endif
  publish(PAUSED);
  barrier();
  publish(FLIPPED);
  /* No read over all shards runs: the views change in any order. */
  if
  :: unseen[S] = true; unseen[T] = false
  :: unseen[T] = false; unseen[S] = true
  fi;
  publish(RELEASED);
#if CLEAN_BEFORE_TABLES
  barrier();
  present[S] = false;
  publish(DONE);
#else
  publish(DONE);
  barrier();
  present[S] = false;
#endif
#ifdef REACH
  assert(committed < WRITES)
#endif
}

init {
  atomic {
    present[S] = true;
    run Proxy(0);
    run Proxy(1);
    run Writer();
    run Mover()
  }
}
