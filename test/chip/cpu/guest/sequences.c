/* Runs instruction sequences of a table at TABLE, each from a given state, and prints a hash of the
 * state behind it (or the state itself); a fault ends a sequence and counts as its state.
 *
 * The table: number of sequences, number of the first, 1 for whole states; then of each: where its code is, STATE words.
 * State: r0..r12, APSR, FPSCR, s0..s31. r8 points into the memory that the code may use. */
#include "guest.h"
#include <string.h>

#define TABLE 0x40000
#define STATE 47

static uint32_t memory[1024] __attribute__((aligned(8)));
static uint32_t state[STATE + 1];
extern const char behind[];

__attribute__((naked, noinline)) static void run(__attribute__((unused)) uint32_t *at,
                                                 __attribute__((unused)) uint32_t code) {
  __asm__ volatile("push {r4-r11, lr}\n"
                   "vpush {s16-s31}\n"
                   "push {r0, r1}\n"
                   "add r2, r0, #60\n"
                   "vldmia r2, {s0-s31}\n"
                   "ldr r2, [r0, #52]\n"
                   "ldr r3, [r0, #56]\n"
                   "msr apsr_nzcvqg, r2\n"
                   "vmsr fpscr, r3\n"
                   "mov lr, r0\n"
                   "ldmia lr, {r0-r12}\n"
                   "ldr lr, [sp, #4]\n"
                   "blx lr\n"
                   ".global behind\n"
                   "behind: ldr lr, [sp]\n"
                   "stmia lr!, {r0-r12}\n"
                   "mrs r0, apsr\n"
                   "vmrs r1, fpscr\n"
                   "stmia lr!, {r0, r1}\n"
                   "vstmia lr, {s0-s31}\n"
                   "movs r0, #0\n"
                   "vmsr fpscr, r0\n"
                   "pop {r0, r1}\n"
                   "vpop {s16-s31}\n"
                   "pop {r4-r11, pc}");
}

static void fault(uint32_t *frame, uint32_t exc_return) {
  (void)exc_return;
  state[STATE] = CFSR ^ frame[6] ^ (frame[7] & 0x0600fc00);
  CFSR = CFSR;
  HFSR = HFSR;
  frame[6] = (uint32_t)behind & ~1u;
  frame[7] &= ~0x0600fc00u;
}

int main(void) {
  const uint32_t *table = (const uint32_t *)TABLE;
  uint32_t count = *table++, first = *table++, whole = *table++;
  handlers[3] = fault;
  for (uint32_t n = 0; n < count; n++) {
    uint32_t code = *table++;
    memcpy(state, table, STATE * 4);
    table += STATE;
    for (uint32_t i = 0; i < 1024; i++) memory[i] = i * 0x9e3779b1u ^ (first + n);
    state[8] = (uint32_t)&memory[512] + (state[8] & 7);
    state[STATE] = 0;
    run(state, code | 1);
    /* flags that nothing would read need not be right where an instruction faults */
    if (state[STATE]) state[13] &= 0x0fffffff;
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < 1024; i++) hash = (hash ^ memory[i]) * 16777619u;
    for (uint32_t i = 0; i <= STATE; i++) {
      hash = (hash ^ state[i]) * 16777619u;
      if (whole) printf("%s%lu %08lx\n", i == STATE ? "fault " : "word ", i, state[i]);
    }
    printf("%lu: %08lx\n", n, hash);
  }
  return 0;
}
