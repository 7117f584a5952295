/* Reset, vectors, newlib's system calls. Every exception goes through one piece of assembler that
 * hands its frame to the handler of its number. */
#include "guest.h"
#include <string.h>
#include <sys/stat.h>

extern uint32_t __data[], __data_end[], __data_from[], __bss[], __bss_end[], __stack[];
int main(void);
void exception(void);
void reset(void);

void (*volatile handlers[64])(uint32_t *frame, uint32_t exc_return);

__attribute__((section(".vectors"), used)) void (*const vectors[64])(void) = {
    (void (*)(void))__stack, reset, [2 ... 63] = exception};

int semihost(int operation, const void *block) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = block;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void put(const char *text) { semihost(4, text); }

_Noreturn void finish(int status) {
  const uint32_t block[2] = {0x20026, (uint32_t)status};
  fflush(stdout);
  semihost(0x20, block);
  for (;;) {
  }
}

__attribute__((used)) void dispatch(uint32_t *frame, uint32_t exc_return) {
  uint32_t number;
  __asm__ volatile("mrs %0, ipsr" : "=r"(number));
  if (handlers[number]) {
    handlers[number](frame, exc_return);
    return;
  }
  char text[32] = "exception without handler: 00\n";
  text[27] += number / 10;
  text[28] += number % 10;
  put(text);
  finish(99);
}

__attribute__((naked)) void exception(void) {
  __asm__ volatile("tst lr, #4\n"
                   "ite eq\n"
                   "mrseq r0, msp\n"
                   "mrsne r0, psp\n"
                   "mov r1, lr\n"
                   "push {r4, lr}\n"
                   "bl dispatch\n"
                   "pop {r4, pc}");
}

__attribute__((naked)) void reset(void) {
  __asm__ volatile("ldr r0, =0xE000ED88\n"
                   "movs r1, #0xF00000\n"
                   "str r1, [r0]\n"
                   "dsb\n"
                   "isb\n"
                   "b start" ::: "memory");
}

__attribute__((used)) void start(void) {
  uint32_t *from = __data_from;
  for (uint32_t *to = __data; to < __data_end;) *to++ = *from++;
  for (uint32_t *to = __bss; to < __bss_end;) *to++ = 0;
  finish(main());
}

uint32_t next_random(void) {
  static uint32_t state = 0x12345678;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static char heap[16384];
static uint32_t used;

void *_sbrk(int bytes) {
  void *at = heap + used;
  if (used + (uint32_t)bytes > sizeof heap) return (void *)-1;
  used += (uint32_t)bytes;
  return at;
}

int _write(int file, const char *text, int length) {
  char line[129];
  (void)file;
  for (int at = 0; at < length;) {
    int part = length - at > 128 ? 128 : length - at;
    memcpy(line, text + at, (size_t)part);
    line[part] = 0;
    put(line);
    at += part;
  }
  return length;
}

int _fstat(int file, struct stat *st) {
  (void)file;
  st->st_mode = S_IFCHR;
  return 0;
}
int _read(int f, char *p, int n) { (void)f; (void)p; (void)n; return 0; }
int _close(int f) { (void)f; return -1; }
int _isatty(int f) { (void)f; return 1; }
int _lseek(int f, int o, int w) { (void)f; (void)o; (void)w; return 0; }
int _getpid(void) { return 1; }
int _kill(int p, int s) { (void)p; (void)s; return -1; }
void _exit(int status) { finish(status); }
