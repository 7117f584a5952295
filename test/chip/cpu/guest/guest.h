/* What our test programs share: semihosting (ARM's "Semihosting for AArch32"), the system control
 * space, a test's random numbers. */
#include <stdint.h>
#include <stdio.h>

#define REG(address) (*(volatile uint32_t *)(address))
#define SYST_CSR REG(0xE000E010)
#define SYST_RVR REG(0xE000E014)
#define SYST_CVR REG(0xE000E018)
#define ICSR REG(0xE000ED04)
#define AIRCR REG(0xE000ED0C)
#define CCR REG(0xE000ED14)
#define SHCSR REG(0xE000ED24)
#define CFSR REG(0xE000ED28)
#define HFSR REG(0xE000ED2C)
#define BFAR REG(0xE000ED38)
#define FPCCR REG(0xE000EF34)
#define NVIC_ISER REG(0xE000E100)
#define NVIC_ICER REG(0xE000E180)
#define NVIC_ISPR REG(0xE000E200)
#define NVIC_ICPR REG(0xE000E280)
#define NVIC_IABR REG(0xE000E300)
#define NVIC_IPR ((volatile uint8_t *)0xE000E400)
#define SHPR ((volatile uint8_t *)0xE000ED14) /* by exception number, from 4 */

/* Handlers by exception number; the vector table is in RAM's copy of these. */
extern void (*volatile handlers[64])(uint32_t *frame, uint32_t exc_return);

int semihost(int operation, const void *block);
void put(const char *text);
_Noreturn void finish(int status);
uint32_t next_random(void);
