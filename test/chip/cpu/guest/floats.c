/* Singles in every rounding mode with their flags, conversions, half precision; by bits. */
#include "guest.h"
#include <fenv.h>

static uint32_t fpscr(void) {
  uint32_t value;
  __asm__ volatile("vmrs %0, fpscr" : "=r"(value));
  return value;
}
static void set_fpscr(uint32_t value) { __asm__ volatile("vmsr fpscr, %0" ::"r"(value)); }
static uint32_t bits(float f) {
  union { float f; uint32_t u; } x = {f};
  return x.u;
}

static const uint32_t special[] = {0, 0x80000000, 1, 0x807fffff, 0x00800000, 0x3f800000,
                                   0xbf800000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00001,
                                   0xff800001, 0x4effffff, 0x4f000000, 0xcf000000, 0x33800000};

static float pick(void) {
  uint32_t r = next_random();
  union { uint32_t u; float f; } x = {next_random()};
  if ((r & 3) == 0) x.u = special[(r >> 4) & 15];
  if ((r & 3) == 1) x.u = (x.u & 0x80ffffff) | 0x3f000000 | ((r >> 8) & 7) << 23;
  return x.f;
}

#define TWO(name) __asm__ volatile(name " %0, %1, %2" : "=t"(r) : "t"(a), "t"(b))
#define ACC(name) r = c; __asm__ volatile(name " %0, %1, %2" : "+t"(r) : "t"(a), "t"(b))
#define ONE(name) r = c; __asm__ volatile(name " %0, %1" : "+t"(r) : "t"(a))
#define FIX(name) r = a; __asm__ volatile(name " %0, %0, #7" : "+t"(r))

static uint32_t hash = 2166136261u;
static void mix(uint32_t x) { hash = (hash ^ x) * 16777619u; }

int main(void) {
  for (uint32_t mode = 0; mode < 32; mode++) {
    for (int kind = 0; kind < 35; kind++) {
      hash = 2166136261u;
      for (int i = 0; i < 250; i++) {
        float a = pick(), b = pick(), c = pick(), r = 0;
        set_fpscr(mode << 22);
        switch (kind) {
        case 0: TWO("vadd.f32"); break;
        case 1: TWO("vsub.f32"); break;
        case 2: TWO("vmul.f32"); break;
        case 3: TWO("vnmul.f32"); break;
        case 4: TWO("vdiv.f32"); break;
        case 5: ACC("vmla.f32"); break;
        case 6: ACC("vmls.f32"); break;
        case 7: ACC("vnmla.f32"); break;
        case 8: ACC("vnmls.f32"); break;
        case 9: ACC("vfma.f32"); break;
        case 10: ACC("vfms.f32"); break;
        case 11: ACC("vfnma.f32"); break;
        case 12: ACC("vfnms.f32"); break;
        case 13: ONE("vsqrt.f32"); break;
        case 14: ONE("vabs.f32"); break;
        case 15: ONE("vneg.f32"); break;
        case 16: ONE("vcvt.s32.f32"); break;
        case 17: ONE("vcvt.u32.f32"); break;
        case 18: ONE("vcvtr.s32.f32"); break;
        case 19: ONE("vcvtr.u32.f32"); break;
        case 20: ONE("vcvt.f32.s32"); break;
        case 21: ONE("vcvt.f32.u32"); break;
        case 22: ONE("vcvtb.f32.f16"); break;
        case 23: ONE("vcvtt.f32.f16"); break;
        case 24: ONE("vcvtb.f16.f32"); break;
        case 25: ONE("vcvtt.f16.f32"); break;
        case 26: FIX("vcvt.s16.f32"); break;
        case 27: FIX("vcvt.u16.f32"); break;
        case 28: FIX("vcvt.s32.f32"); break;
        case 29: FIX("vcvt.u32.f32"); break;
        case 30: FIX("vcvt.f32.s16"); break;
        case 31: FIX("vcvt.f32.u16"); break;
        case 32: FIX("vcvt.f32.s32"); break;
        case 33: __asm__ volatile("vcmp.f32 %0, %1" ::"t"(a), "t"(b)); break;
        case 34: __asm__ volatile("vcmpe.f32 %0, #0.0" ::"t"(a)); break;
        }
        uint32_t state = fpscr();
        set_fpscr(0);
        mix(bits(r));
        mix(state);
      }
      printf("mode %lu kind %d: %08lx\n", mode, kind, hash);
    }
  }
  return 0;
}
