/* The cards' states, slots, names and counters, for Spin (docs/protocol.md sections 4 and 6; docs/proofs.md says
   what it shows). One source S with LIVES lives (a reset between), destinations D1 and D2 of the user, and E, an
   extracted genuine card of the attacker's, which the user may name by mistake (I4 must hold all the same).
   The relay keeps every message it ever saw and delivers any of them at any time, as often as it likes: loss,
   repetition and reordering. A power cut ends the channel (code, named) and may swallow an answer; what is
   committed stays. A commit is atomic here (the sweep tests that). Cryptography is ideal: a TRANSFER is a
   number; its Klink_S and Kreceipt are its own. D1 and D2 make NL OFFERs each, every one with a fresh Klink_D
   and the next offer counter; what E signs has whatever counter is newest.
   TRACE prints each step and the state after it; REPLAY takes its steps from replay.h: test/model/traces compares
   both with real cards. -D flags: M_* are mutants, one rule taken away; STUCK and I9_LITERAL ask for more, SANE and SANE_AGAIN for
   an honest run. An assertion opens with its name, which the report shows. cases.ts has all the cases. */
#ifndef NT
#define NT 4            /* TRANSFERs ever made */
#endif
#ifndef LIVES
#define LIVES 2
#endif
/* cards */
#define D1 1
#define D2 2
#define E  3
/* Klink_D, and the OFFER that has it: 1..NL of D1, NL+1..2NL of D2, the last of E */
#ifndef NL
#define NL 2
#endif
#define NK (2 * NL + 1)
#define CARD(o) (((o) - 1) / NL + 1)
/* states */
#define EMPTY 1
#define OFFERED 2
#define WALLET 3
#define SHARING 4
#define SHARED 5
#define COPY 6
/* slots */
#define OPEN 0
#define SEALED 1
#define CONFIRMED 2
#define CLOSED 3
#define LOST 4

#ifdef M_NO_SET_ID
#define OTHER(d) false
#define NAMES(t, d) true
#define SIDBAD(sid) false
#else
#define SIDBAD(sid) (sid != life)
#define OTHER(d) (told[d] != life)
#define NAMES(t, d) (tlife[t] == told[d])
#endif

/* the source's flash */
byte sst = EMPTY; byte life = 0; byte n = 0;
byte slot[2]; byte sk[2]; byte sl[2]; byte stt[2];    /* state, Kcard, Klink_D, TRANSFER */
byte sc[2];                                           /* the offer counter that the slot sealed */
/* its RAM */
bit code = 0; byte namedN = 0; byte named = 0;        /* the code holds; n and mask of ids named in it */
/* destinations' flash, index 1 and 2 */
byte dst[3]; byte dl[3]; byte told[3]; byte took[3]; byte nextl[3];
byte dc[3];                                           /* the offer counter: only rises, a reset included */
/* OFFERs that exist: set id and counter in it, by Klink_D (0: none); known to the relay */
byte osid[NK + 1]; byte oc[NK + 1]; bit oseen[NK + 1];
/* TRANSFERs 1..NT */
byte tc[NT + 1]; byte tl[NT + 1]; byte tlife[NT + 1]; byte tk[NT + 1]; bit tseen[NT + 1]; bit rseen[NT + 1];
byte made = 0;
/* ghosts: what the user told D last; what was ever sealed to, in this life; set size once fixed; TRANSFERs
   taken; Klink_D ever sealed to, ever filled with a key */
byte utold[3]; byte taken = 0; byte sealed = 0; byte fixed = 0; byte used = 0; byte filled = 0;
byte i; byte x; byte o; byte cnt;
/* Names of the assertions, for the report: always 0. */
hidden byte I4_size = 0; hidden byte I4_copies = 0; hidden byte I5_state = 0; hidden byte I5_slot = 0;
hidden byte I5_finished = 0; hidden byte I9_klink_d_sealed_once = 0; hidden byte I9_literal = 0;
hidden byte I9_never_shared = 0; hidden byte I9_fills_once = 0; hidden byte I9_dies = 0; hidden byte I10_told = 0;
hidden byte I10_taken_once = 0; hidden byte confirmed_card = 0; hidden byte one_slot_a_card = 0; hidden byte stuck = 0;
hidden byte sane_shared = 0; hidden byte sane_again = 0;

#define BIT(c) (1 << ((c) - 1))
/* Steps by number, for traces: which one, and what it chose. Nothing of this is in what is verified. */
#ifdef REPLAY
#include "replay.h"                                       /* LEN, act[], arg[], arg2[] */
byte pos = 0;
#define GO(k) pos < LEN && act[pos] == k &&
#define AT(v) (arg[pos] == v)
#define BT(v) (arg2[pos] == v)
#define A(v) AT(v) ->
#define B(v) BT(v) ->
#define NEXT pos++
#else
#define GO(k)
#define AT(v) true
#define BT(v) true
#define A(v)
#define B(v)
#define NEXT skip
#endif
#ifdef TRACE
#define DONE(k, a, b) printf("@ %d %d %d | %d %d %d | %d %d %d %d | %d %d %d %d | %d %d %d %d %d | %d %d %d %d %d\n", \
  k, a, b, sst, life, n, slot[0], sk[0], sl[0], stt[0], slot[1], sk[1], sl[1], stt[1], \
  dst[D1], dl[D1], told[D1], took[D1], dc[D1], dst[D2], dl[D2], told[D2], took[D2], dc[D2]); NEXT
#else
#define DONE(k, a, b) skip
#endif
/* a slot takes nothing older than what it sealed */
#ifdef M_NO_COUNTER
#define NEWER(card, link, at) true
#else
#define NEWER(card, link, at) (card == E || oc[link] > sc[at])
#endif

/* no other slot has this Klink_D */
#ifdef M_SHARED_KLINK
#define ALONE(x, link) true
#else
#define ALONE(x, link) (sl[1 - x] != link)
#endif
/* the set's size is fixed by the first seal */
#ifdef M_NEW_SIZE
#define FIXED false
#else
#define FIXED (n != 0)
#endif
/* FINISH closes what is sealed too */
#ifdef M_FINISH_KEEPS
#define LOSES false
#else
#define LOSES true
#endif

inline count(m) { cnt = ((m) & 1) + (((m) >> 1) & 1) + (((m) >> 2) & 1) }

/* An answer that a cut swallowed is one that the relay holds back, so for safety it always leaves; LOSSY lets
   cuts swallow answers for real, and RESEND then has something to give. */
#ifdef LOSSY
inline maybe(seen) { if :: seen = 1 :: skip fi }
#else
inline maybe(seen) { seen = 1 }
#endif

inline makeTransfer(card, link, at) {
  made++;
  printf("S seals TRANSFER %d to card %d, Klink_D %d, slot %d, life %d\n", made, card, link, at, life);
  tc[made] = card; tl[made] = link; tlife[made] = life; tk[made] = at + 2;
  assert(I5_state || sst == WALLET || sst == SHARING);
  assert(I5_slot || slot[at] == OPEN || (slot[at] == SEALED && sk[at] == card));       /* a slot is never freed */
#ifdef I9_LITERAL
  assert(I9_literal || !(used & BIT(link)));              /* any Klink_D, whoever signed the OFFER: one TRANSFER */
  used = used | BIT(link);
#endif
#if !defined(I9_LITERAL) && !defined(STUCK)
  assert(I9_klink_d_sealed_once || card == E || !(used & BIT(link)));     /* of a card's own OFFERs */
  if :: card != E -> used = used | BIT(link) :: else fi;
#endif
  sealed = sealed | BIT(card);
  slot[at] = SEALED; sk[at] = card; sl[at] = link; stt[at] = made; sc[at] = oc[link];
  if :: !FIXED -> n = namedN :: else fi;
  if :: fixed == 0 -> fixed = n :: else fi;
  sst = SHARING;
  count(sealed);
  assert(I4_size || n == fixed);
  assert(I4_copies || cnt <= n - 1);
  assert(one_slot_a_card || sk[0] != sk[1]);
  assert(I9_never_shared || sl[0] != sl[1]);
}

/* SEAL of an OFFER by `card` with Klink_D `link` and set id `sid` */
inline seal(card, link, sid) {
  if
  :: SIDBAD(sid) -> skip                                  /* NAMES */
  :: else ->
    x = 9;                                                /* the slot with this Kcard */
    if :: slot[0] != OPEN && sk[0] == card -> x = 0
       :: else -> if :: slot[1] != OPEN && sk[1] == card -> x = 1 :: else fi
    fi;
#ifdef M_SLOT_BY_KLINK
    x = 9;
    if :: slot[0] != OPEN && sl[0] == link -> x = 0
       :: else -> if :: slot[1] != OPEN && sl[1] == link -> x = 1 :: else fi
    fi;
#endif
    if
    :: x < 9 && slot[x] != SEALED -> skip                 /* USED */
    :: x < 9 && slot[x] == SEALED && sl[x] == link -> tseen[stt[x]] = 1
    :: x < 9 && slot[x] == SEALED && sl[x] != link ->
       if :: code && made < NT && ALONE(x, link) && NEWER(card, link, x) ->
             makeTransfer(card, link, x); maybe(tseen[made])
          :: else fi
    :: x == 9 ->
       if :: code && (named & BIT(card)) ->
             if :: slot[0] == OPEN -> x = 0
                :: slot[0] != OPEN && slot[1] == OPEN && (n == 3 || (n == 0 && namedN == 3)) -> x = 1
#ifdef M_NO_FULL
                :: slot[0] != OPEN && slot[1] != OPEN && slot[0] == SEALED -> slot[0] = OPEN; sk[0] = 0; sl[0] = 0; x = 0
#endif
                :: else                                   /* FULL */
             fi;
             if :: x < 9 && made < NT && ALONE(x, link) -> makeTransfer(card, link, x); maybe(tseen[made])
                :: else fi
          :: else fi                                      /* CODE, NAMES */
    fi
  fi
}

inline accept(d, t) {
  if
  :: dst[d] == COPY && took[d] == t -> rseen[t] = 1       /* the stored RECEIPT */
  :: dst[d] == OFFERED && tc[t] == d && tl[t] == dl[d] && NAMES(t, d) ->
     assert(I10_told || tlife[t] == utold[d]);            /* and I11: of the set that the user told it last */
     printf("D%d takes TRANSFER %d, told life %d\n", d, t, told[d]);
     assert(I10_taken_once || !(taken & BIT(t))); taken = taken | BIT(t);
     assert(I9_fills_once || !(filled & BIT(dl[d]))); filled = filled | BIT(dl[d]);
     dst[d] = COPY; took[d] = t;
#ifndef M_KLINK_STAYS
     dl[d] = 0;
#endif
     maybe(rseen[t])
  :: else
  fi
}

#ifdef M_COUNTER_FORGOTTEN
#define FORGET(d) if :: dc[d] = 0 :: skip fi          /* a reset, or a drop that is none */
#else
#define FORGET(d) skip
#endif

inline clearSource() {
  n = 0; i = 0;
  do :: i < 2 -> slot[i] = OPEN; sk[i] = 0; sl[i] = 0; stt[i] = 0; sc[i] = 0; i++ :: else -> break od;
  sealed = 0; fixed = 0; i = 0
}

/* I4 etc. are asserted where they can break; these hold in every state */
inline invariants() {
  assert(I5_finished || sst != SHARED || slot[0] != SEALED && (n == 2 || slot[1] != SEALED));
  /* a confirmed slot: its card took, or took and was reset since, that TRANSFER (ideal RECEIPT) */
  assert(confirmed_card || slot[0] != CONFIRMED || tc[stt[0]] == sk[0]);
  assert(I9_dies || (dst[D1] != COPY || dl[D1] == 0) && (dst[D2] != COPY || dl[D2] == 0));
#ifdef STUCK
  /* a copy of this life, sealed to, whose RECEIPT can never confirm it */
  assert(stuck || !(dst[D1] == COPY && tlife[took[D1]] == life && slot[0] == SEALED && sk[0] == D1 && stt[0] != took[D1]));
#endif
#ifdef SANE          /* both must be reached: three cards get through, and an OFFER made anew is sealed and confirmed */
  assert(sane_shared || !(sst == SHARED && slot[0] == CONFIRMED && slot[1] == CONFIRMED && dst[D1] == COPY && dst[D2] == COPY));
#endif
#ifdef SANE_AGAIN
  assert(sane_again || !(slot[0] == CONFIRMED && sk[0] == D1 && sl[0] == 2 && tl[1] == 1));
#endif
  skip
}

init {
  dst[D1] = EMPTY; dst[D2] = EMPTY; nextl[D1] = 1; nextl[D2] = NL + 1;
  do
  /* --- the user's app at S --- */
  :: d_step { GO(1) sst == EMPTY && life < LIVES && made < NT -> life++; printf("S ACTIVATE life %d\n", life); sst = WALLET; code = 1; named = 0; namedN = 0; DONE(1, 0, 0) }
  :: d_step { GO(2) sst >= WALLET && !code -> code = 1; named = 0; namedN = 0; DONE(2, 0, 0) }
  :: atomic { GO(3) code && (sst == WALLET || sst == SHARING) && named == 0 ->
       if :: A(2) x = 2 :: A(3) x = 3 fi;
       if :: !FIXED || n == x ->
          namedN = x;
          if :: B(1) named = BIT(D1) :: B(2) named = BIT(D2) :: B(4) named = BIT(E)
             :: x == 3 && BT(3) -> named = BIT(D1) | BIT(D2)
             :: x == 3 && BT(5) -> named = BIT(D1) | BIT(E)
          fi
       :: else fi; DONE(3, x, named); x = 0 }
  :: d_step { GO(4) code && sst == SHARING && slot[0] == SEALED && !tseen[stt[0]] -> tseen[stt[0]] = 1; DONE(4, 0, 0) }   /* RESEND 0 */
  :: d_step { GO(5) code && sst == SHARING && slot[1] == SEALED && !tseen[stt[1]] -> tseen[stt[1]] = 1; DONE(5, 0, 0) }   /* RESEND 1 */
  :: d_step { GO(6) code && sst == SHARING ->                                                        /* FINISH, P1 = 1 */
       if :: slot[0] == SEALED && LOSES -> slot[0] = LOST :: slot[0] == OPEN -> slot[0] = CLOSED :: else fi;
       if :: n == 3 && slot[1] == SEALED && LOSES -> slot[1] = LOST :: n == 3 && slot[1] == OPEN -> slot[1] = CLOSED :: else fi;
       sst = SHARED; DONE(6, 0, 0) }
  :: d_step { GO(7) code && sst >= WALLET && life < LIVES -> clearSource(); printf("S RESET\n"); sst = EMPTY; named = 0; namedN = 0; DONE(7, 0, 0) }  /* RESET */
  /* --- a cut at S --- */
  :: d_step { GO(8) code -> code = 0; named = 0; namedN = 0; DONE(8, 0, 0) }
  /* --- the user's app at D1, D2: names S and its present set --- */
  :: atomic { GO(9) life > 0 -> if :: A(1) x = D1 :: A(2) x = D2 fi;
       if :: (dst[x] == EMPTY || (dst[x] == OFFERED && OTHER(x))) && nextl[x] <= NL * x ->
             dst[x] = OFFERED; told[x] = life; utold[x] = life;
#ifdef M_STATIC_KLINK
             dl[x] = NL * (x - 1) + 1;
#else
             dl[x] = nextl[x];
#endif
             nextl[x]++;
             printf("D%d makes OFFER Klink_D %d for life %d\n", x, dl[x], life);
             dc[x]++; osid[dl[x]] = life; oc[dl[x]] = dc[x]; maybe(oseen[dl[x]])
          :: dst[x] == OFFERED && !OTHER(x) -> utold[x] = life; oseen[dl[x]] = 1    /* the same names again; OFFER */
          :: else fi; DONE(9, x, 0); x = 0 }
  :: atomic { GO(10) dst[D1] == OFFERED -> printf("D1 drops its OFFER\n"); dst[D1] = EMPTY; dl[D1] = 0; told[D1] = 0; utold[D1] = 0; FORGET(D1); DONE(10, 0, 0) }     /* CANCEL, RESET */
  :: atomic { GO(11) dst[D2] == OFFERED -> printf("D2 drops its OFFER\n"); dst[D2] = EMPTY; dl[D2] = 0; told[D2] = 0; utold[D2] = 0; FORGET(D2); DONE(11, 0, 0) }
  :: atomic { GO(12) dst[D1] == COPY -> printf("D1 RESET\n"); dst[D1] = EMPTY; told[D1] = 0; utold[D1] = 0; took[D1] = 0; FORGET(D1); DONE(12, 0, 0) }      /* RESET */
  :: atomic { GO(13) dst[D2] == COPY -> printf("D2 RESET\n"); dst[D2] = EMPTY; told[D2] = 0; utold[D2] = 0; took[D2] = 0; FORGET(D2); DONE(13, 0, 0) }
  /* --- the relay delivers --- */
  :: atomic { GO(14) (sst == WALLET || sst == SHARING) ->                            /* SEAL: an OFFER of D1 or D2 */
       if :: A(1) o = 1 :: A(2) o = 2 :: A(3) o = 3 :: A(4) o = 4
#if NL == 3
          :: A(5) o = 5 :: A(6) o = 6
#endif
       fi;
       if :: oseen[o] -> seal(CARD(o), o, osid[o]) :: else fi; DONE(14, o, 0); o = 0; x = 0; cnt = 0 }
  :: atomic { GO(15) (sst == WALLET || sst == SHARING) ->                            /* an OFFER that E signs, any Klink_D */
       if :: A(NK) o = NK :: oseen[1] && AT(1) -> o = 1 fi; seal(E, o, life); DONE(15, o, 0); o = 0; x = 0; cnt = 0 }
  :: atomic { GO(16) made > 0 ->                                                     /* ACCEPT */
       if :: A(1) o = 1 :: made > 1 && AT(2) -> o = 2 :: made > 2 && AT(3) -> o = 3 :: made > 3 && AT(4) -> o = 4 fi;
       if :: B(1) x = D1 :: B(2) x = D2 fi;
       if :: tseen[o] -> accept(x, o) :: else fi; DONE(16, o, x); o = 0; x = 0 }
  :: atomic { GO(17) sst == SHARING ->                                               /* CONFIRM */
       if :: A(0) x = 0 :: A(1) x = 1 fi;
       if :: slot[x] == SEALED && (rseen[stt[x]] || (sk[x] == E && tseen[stt[x]])) ->
             slot[x] = CONFIRMED; printf("S CONFIRM slot %d\n", x);
             if :: slot[0] == CONFIRMED && (n == 2 || slot[1] == CONFIRMED) -> sst = SHARED :: else fi
          :: else fi; DONE(17, x, 0); x = 0 }
#ifdef REPLAY
  :: pos == LEN -> break
#endif
  :: atomic { true -> invariants() }
  od
}
