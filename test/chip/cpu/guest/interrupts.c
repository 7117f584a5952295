/* Exceptions: order, nesting, masks, tail-chaining, both stacks, floating point kept across them. */
#include "guest.h"
#include <setjmp.h>

static char log_text[512];
static volatile int log_at;
static void note(char c) { log_text[log_at++] = c; }
static void show(const char *title) {
  log_text[log_at] = 0;
  printf("%s: %s\n", title, log_text);
  log_at = 0;
}
static uint32_t basepri(void) { uint32_t v; __asm__ volatile("mrs %0, basepri" : "=r"(v)); return v; }
static void set_basepri(uint32_t v) { __asm__ volatile("msr basepri, %0" ::"r"(v) : "memory"); }
static uint32_t ipsr(void) { uint32_t v; __asm__ volatile("mrs %0, ipsr" : "=r"(v)); return v; }
static uint32_t control(void) { uint32_t v; __asm__ volatile("mrs %0, control" : "=r"(v)); return v; }
static void barrier(void) { __asm__ volatile("dsb\nisb" ::: "memory"); }

static void irq(uint32_t *frame, uint32_t exc_return) {
  uint32_t n = ipsr() - 16;
  (void)frame;
  note((char)('a' + n));
  if (exc_return & 8) note('/'); /* from thread mode */
  if (n == 1) { NVIC_ISPR = 1 << 0; barrier(); }  /* more urgent: nests */
  if (n == 1) { NVIC_ISPR = 1 << 2; barrier(); }  /* less urgent: after */
  if (n == 2) { NVIC_ISPR = 1 << 3; barrier(); }  /* the same: after */
  if (n == 6) __asm__ volatile("cpsid f"); /* its return lifts FAULTMASK again */
  note((char)('A' + n));
}

static void svc(uint32_t *frame, uint32_t exc_return) {
  uint16_t *pc = (uint16_t *)frame[6];
  (void)exc_return;
  note('s');
  frame[0] = frame[0] * 2 + (pc[-1] & 0xff);
}

static void pendsv(uint32_t *frame, uint32_t exc_return) {
  (void)frame;
  note('p');
  note("0123456789abcdef"[exc_return & 15]);
}

static volatile int ticks;
static volatile float shared = 1.5f;
static void tick(uint32_t *frame, uint32_t exc_return) {
  (void)frame;
  (void)exc_return;
  ticks++;
  shared = shared * 1.25f + 0.5f; /* floating point in a handler */
  if (ticks == 3) ICSR = 1 << 28;
}

static int call(int x) {
  register int r0 __asm__("r0") = x;
  __asm__ volatile("svc 7" : "+r"(r0)::"memory");
  return r0;
}

static float keep(void) { /* sixteen and more live registers while ticks come */
  float a[24], sum = 0;
  for (int i = 0; i < 24; i++) a[i] = (float)i * 0.75f;
  int until = ticks + 3;
  while (ticks < until)
    for (int i = 0; i < 24; i++) a[i] = a[i] * 1.0f + 0.0f;
  for (int i = 0; i < 24; i++) sum += a[i];
  return sum;
}

static void in_it(void) { /* an interrupt between the halves of an IT block */
  uint32_t out = 0;
  for (int i = 0; i < 2; i++) {
    uint32_t one = 1 << 5;
    __asm__ volatile("cmp %2, #0\n"
                     "itete eq\n"
                     "streq %1, [%3]\n"
                     "addne %0, %0, #1\n"
                     "addeq %0, %0, #16\n"
                     "addne %0, %0, #2\n"
                     : "+r"(out) : "r"(one), "r"(i), "r"(0xE000E200) : "cc", "memory");
  }
  printf("in it: %lx\n", out);
}

static jmp_buf back;
static volatile int always = 1;
static void deep(int n) {
  volatile float f = (float)n;
  if (n == 0) longjmp(back, 42);
  if (always) deep(n - 1);
  if (f < 0) puts("no");
}

int main(void) {
  for (int i = 0; i < 16; i++) handlers[16 + i] = irq;
  handlers[11] = svc;
  handlers[14] = pendsv;
  handlers[15] = tick;
  NVIC_IPR[0] = 0x20;
  NVIC_IPR[1] = 0x40;
  NVIC_IPR[2] = 0x60;
  NVIC_IPR[3] = 0x60;
  NVIC_IPR[4] = 0x80;
  NVIC_IPR[5] = 0x80;
  SHPR[11] = 0xa0;
  SHPR[14] = 0xe0;
  SHPR[15] = 0xc0;
  NVIC_ISER = 0xff;
  NVIC_ISPR = 1 << 1;
  barrier();
  show("nesting");
  __asm__ volatile("cpsid i");
  NVIC_ISPR = 0x3f;
  barrier();
  note('-');
  __asm__ volatile("cpsie i");
  barrier();
  show("primask");
  set_basepri(0x60);
  NVIC_ISPR = 0x35;
  barrier();
  note('-');
  printf("basepri %lx pending %lx active %lx\n", basepri(), NVIC_ISPR, NVIC_IABR);
  __asm__ volatile("msr basepri_max, %0" ::"r"(0x80));
  printf("basepri %lx\n", basepri());
  __asm__ volatile("msr basepri_max, %0" ::"r"(0x40));
  printf("basepri %lx\n", basepri());
  set_basepri(0);
  barrier();
  show("basepri");
  __asm__ volatile("cpsid f");
  NVIC_ISPR = 0x10;
  ICSR = 1 << 28;
  barrier();
  note('-');
  __asm__ volatile("cpsie f");
  barrier();
  show("faultmask");
  NVIC_ISPR = 1 << 6;
  barrier();
  NVIC_ISPR = 1 << 1;
  barrier();
  show("faultmask and return");
  AIRCR = 0x05fa0000 | 6 << 8; /* one bit of preemption */
  NVIC_ISPR = 1 << 1;
  barrier();
  show("priority groups");
  AIRCR = 0x05fa0000;
  printf("call %d\n", call(21));
  show("svc");
  ICSR = 1 << 28;
  barrier();
  show("pendsv");
  in_it();
  show("it");
  for (int lazy = 0; lazy < 3; lazy++) {
    FPCCR = lazy == 0 ? 0xc0000000 : lazy == 1 ? 0x80000000 : 0;
    barrier();
    if (lazy == 2) __asm__ volatile("msr control, %0" ::"r"(control() & ~4u));
    shared = 1.5f;
    ticks = 0;
    SYST_RVR = 3000;
    SYST_CVR = 0;
    SYST_CSR = 7;
    float sum = lazy == 2 ? 0 : keep();
    while (ticks < 4) {
    }
    SYST_CSR = 0;
    ticks = 0;
    printf("fpccr %d: %g %s\n", lazy, (double)sum, shared > 3 ? "ran" : "did not run");
    show("ticks");
  }
  FPCCR = 0xc0000000;
  static uint64_t stack[128];
  uint32_t main_stack;
  __asm__ volatile("mrs %0, msp" : "=r"(main_stack));
  __asm__ volatile("msr psp, %0\nmsr control, %1\nisb" ::"r"(main_stack - 1024), "r"(control() | 2));
  ICSR = 1 << 28;
  barrier();
  int doubled = call(4);
  __asm__ volatile("msr control, %0\nisb" ::"r"(control() & ~2u));
  printf("process stack: %d %d\n", doubled, (int)(stack[0] == 0));
  show("psp");
  int came = setjmp(back);
  if (!came) deep(12);
  printf("longjmp %d\n", came);
  uint32_t word = 5, failed, value;
  __asm__ volatile("ldrex %0, [%3]\nadd %0, %0, #1\nstrex %1, %0, [%3]\n"
                   : "=&r"(value), "=&r"(failed), "+m"(word) : "r"(&word));
  printf("exclusive %lu %lu\n", failed, word);
  __asm__ volatile("ldrex %0, [%3]\nclrex\nstrex %1, %0, [%3]\n"
                   : "=&r"(value), "=&r"(failed), "+m"(word) : "r"(&word));
  printf("exclusive %lu %lu\n", failed, word);
  NVIC_ISPR = 0;
  __asm__ volatile("sev\nwfe\ncpsid i");
  NVIC_ISPR = 1 << 4;
  __asm__ volatile("wfi\ncpsie i\nisb");
  show("wfi");
  return 0;
}
