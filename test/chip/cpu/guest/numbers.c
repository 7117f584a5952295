/* Integers of all sizes, soft doubles and hardware singles, by printf: most of libgcc and newlib. */
#include "guest.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static volatile float vf[8];
static volatile double vd[8];

int main(void) {
  uint64_t sum = 0;
  for (int i = 0; i < 300; i++) {
    int32_t a = (int32_t)next_random(), b = (int32_t)next_random();
    int64_t c = ((int64_t)a << 20) ^ b;
    if (b == 0) b = 1;
    sum = sum * 31 + (uint32_t)(a / b) + (uint32_t)(a % b) + (uint64_t)(c / (b | 1));
    sum ^= (uint64_t)c >> (i & 31);
    sum += (uint32_t)__builtin_popcount((unsigned)a) + (uint32_t)__builtin_clz((unsigned)b | 1);
    sum ^= __builtin_bswap32((uint32_t)a);
  }
  printf("integers %08lx%08lx\n", (uint32_t)(sum >> 32), (uint32_t)sum);
  for (int i = 0; i < 8; i++) {
    vf[i] = (float)(int32_t)next_random() / 65536.0f;
    vd[i] = (double)(int32_t)next_random() / 3.0;
  }
  for (int i = 0; i < 8; i++) {
    float f = vf[i] * vf[(i + 1) & 7] + sqrtf(fabsf(vf[i])) / (vf[(i + 3) & 7] + 1.0f);
    double d = vd[i] * vd[(i + 1) & 7] - vd[i] / (1.0 + fabs(vd[(i + 2) & 7]));
    printf("%d: %.6g %.9g %.15g %ld %lu\n", i, (double)vf[i], (double)f, d, (long)f,
           (unsigned long)fabsf(f));
    printf("   %.12g %.12g %.12g %.9g %.9g\n", sin(d), exp(vf[i] / 30000.0), log(fabs(d)),
           (double)sinf(f), (double)powf(fabsf(vf[i]), 0.3f));
  }
  char text[64];
  snprintf(text, sizeof text, "%+08.3f|%-10s|%5d|%#x|%e", vd[0], "left", -42, 0xbeef, vd[1]);
  puts(text);
  printf("%g %ld %s\n", strtod("-1234.5678e-3", NULL), strtol("0x7fff", NULL, 0),
         strcmp("abc", "abd") < 0 ? "less" : "more");
  int numbers[64];
  for (int i = 0; i < 64; i++) numbers[i] = (int)(next_random() % 1000);
  int by(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
  qsort(numbers, 64, sizeof(int), by);
  for (int i = 0; i < 64; i += 8) printf("%d ", numbers[i]);
  puts("");
  return 0;
}
