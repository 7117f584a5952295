/* Faults as the chip takes them, one handler that says what it sees and goes on behind the
 * instruction; code in RAM that is copied, patched and run. */
#include "guest.h"
#include <string.h>

static uint32_t base; /* where the faulting routine began */

static void fault(uint32_t *frame, uint32_t exc_return) {
  uint32_t number;
  CCR &= ~0x18u;
  REG(0xE000ED88) = 0xf00000;
  __asm__ volatile("dsb\nisb");
  __asm__ volatile("mrs %0, ipsr" : "=r"(number));
  printf("  exception %lu cfsr %08lx hfsr %08lx", number, CFSR, HFSR);
  if (CFSR & 0x8000) printf(" bfar %08lx", BFAR);
  printf(" return %lx r0 %lx it %lx\n", exc_return & 0xf, frame[0], frame[7] & 0x0600fc00);
  CFSR = CFSR;
  HFSR = HFSR;
  uint16_t *pc = (uint16_t *)frame[6];
  if (frame[7] & 0x01000000) {
    frame[6] += (*pc >> 11) >= 0x1d ? 4 : 2;
    frame[7] &= ~0x0600fc00u;
  } else { /* no Thumb state: go back to the caller */
    frame[6] = frame[5] & ~1u;
    frame[7] |= 0x01000000;
  }
  base = frame[6];
}

#define TRY(name, text)                                                                            \
  printf("%s\n", name);                                                                            \
  __asm__ volatile("movs r0, #17\n" text "\n" ::: "r0", "r1", "r2", "r3", "r12", "lr", "cc", "memory")

static void all(void) {
  TRY("undefined", "udf #5");
  TRY("undefined wide", ".inst.w 0xf7f0a000");
  TRY("double precision", ".inst.w 0xee300b01");
  TRY("load from nowhere", "ldr r1, =0x60f00000\nldr r0, [r1]");
  TRY("byte from nowhere", "ldr r1, =0x60f00001\nldrb r0, [r1], #1");
  TRY("store to nowhere", "ldr r1, =0x60f00004\nstr r0, [r1, #4]!");
  TRY("ldm unaligned", "ldr r1, =0x20000001\nldmia r1, {r0, r2}");
  TRY("ldrd unaligned", "ldr r1, =0x20000002\nldrd r0, r2, [r1]");
  TRY("stm unaligned", "ldr r1, =0x20008002\nstmia r1!, {r0, r2}");
  TRY("ldrex unaligned", "ldr r1, =0x20000002\nldrex r0, [r1]");
  TRY("vldr unaligned", "ldr r1, =0x20000002\nvldr s0, [r1]");
  TRY("ldr unaligned", "ldr r1, =0x20000002\nldr r0, [r1]");
  TRY("in an IT block", "cmp r0, #17\nittt eq\naddeq r0, #1\nudfeq #1\naddeq r0, #1");
  TRY("divide by zero", "movs r1, #0\nudiv r0, r0, r1");
#define TRAP "ldr r3, =0xE000ED14\nldr r2, [r3]\norr r2, #0x18\nstr r2, [r3]\ndsb\nisb\n"
  TRY("divide by zero trapped", TRAP "movs r1, #0\nsdiv r0, r0, r1");
  TRY("ldr unaligned trapped", TRAP "ldr r1, =0x20000002\nldr r0, [r1]");
  TRY("strh unaligned trapped", TRAP "ldr r1, =0x20008001\nstrh r0, [r1]");
  TRY("ldrh from flash unaligned trapped", TRAP "movs r1, #1\nldrh r0, [r1]");
  TRY("no thumb state", "ldr r1, =0x100\nblx r1");
  TRY("no coprocessor", "ldr r3, =0xE000ED88\nmovs r2, #0\nstr r2, [r3]\ndsb\nisb\nvmov s0, r0");
}

__attribute__((section(".ramcode"), noinline)) int in_ram(int x) {
  for (int i = 0; i < 10; i++) x = x * 3 + i;
  return x;
}

/* Writes the instruction behind its barrier, each time another one. */
__attribute__((section(".ramcode"), noinline, naked)) int patcher(__attribute__((unused)) int x) {
  __asm__ volatile("movw r1, #0x3001\n" /* adds r0, #1 */
                   "movs r2, #5\n"
                   "adr r3, 2f\n"
                   "1: strh r1, [r3]\n"
                   "dsb\n"
                   "isb\n"
                   ".align 2\n"
                   "2: nop\n"
                   "adds r0, r0, r0\n"
                   "adds r1, #3\n"
                   "subs r2, #1\n"
                   "bne 1b\n"
                   "bx lr");
}

int main(void) {
  handlers[3] = handlers[5] = handlers[6] = fault;
  puts("escalated");
  all();
  puts("on their own");
  SHCSR |= 7 << 16;
  all();
  printf("in ram: %d\n", in_ram(3));
  static uint16_t code[8] __attribute__((aligned(4)));
  for (int i = 0; i < 5; i++) {
    code[0] = (uint16_t)(0x3000 + i); /* adds r0, #i */
    code[1] = 0x4770;                 /* bx lr */
    __asm__ volatile("dsb\nisb" ::: "memory");
    printf("patched: %d\n", ((int (*)(int))((uint32_t)code | 1))(40));
  }
  printf("patches itself: %d\n", patcher(3));
  return 0;
}
