/**
 * The assembler's encodings, instruction by instruction. The expected bytes are GNU as 2.40's
 * (`arm-none-eabi-as -mcpu=cortex-m4 -mthumb`) for the same text, not our own.
 */

import assert from "node:assert/strict";
import { Assembler } from "../../firmware/kernel/asm/assembler.js";
import {
  LSL,
  LSR,
  ROR,
  lr,
  r0,
  r1,
  r2,
  r3,
  r4,
  r5,
  r6,
  r7,
  r8,
  r9,
  r10,
  r11,
  r12,
  registers,
  sp,
} from "../../firmware/kernel/asm/registers.js";

type Case = readonly [text: string, emit: (a: Assembler) => void, bytes: string];

const GROUPS: readonly (readonly [string, readonly Case[]])[] = [
  [
    "arithmetic, narrow",
    [
      ["adds r0, r1, r2", (a) => a.adds(r0, r1, r2), "8818"],
      ["adds r3, r3, #200", (a) => a.adds(r3, r3, 200), "c833"],
      ["adds r3, r4, #7", (a) => a.adds(r3, r4, 7), "e31d"],
      ["subs r0, r1, r2", (a) => a.subs(r0, r1, r2), "881a"],
      ["subs r5, r5, #255", (a) => a.subs(r5, r5, 255), "ff3d"],
      ["subs r0, r7, #1", (a) => a.subs(r0, r7, 1), "781e"],
      ["add r8, r8, r3", (a) => a.add(r8, r8, r3), "9844"],
      ["add r1, r9, r1", (a) => a.add(r1, r9, r1), "4944"],
      ["add sp, sp, #72", (a) => a.add(sp, sp, 72), "12b0"],
      ["sub sp, sp, #508", (a) => a.sub(sp, sp, 508), "ffb0"],
      ["add r2, sp, #1020", (a) => a.add(r2, sp, 1020), "ffaa"],
      ["rsbs r1, r2, #0", (a) => a.rsbs(r1, r2, 0), "5142"],
      ["ands r3, r3, r4", (a) => a.ands(r3, r3, r4), "2340"],
      ["eors r3, r4, r3", (a) => a.eors(r3, r4, r3), "6340"],
      ["adcs r1, r1, r2", (a) => a.adcs(r1, r1, r2), "5141"],
      ["sbcs r1, r1, r2", (a) => a.sbcs(r1, r1, r2), "9141"],
      ["orrs r6, r6, r7", (a) => a.orrs(r6, r6, r7), "3e43"],
    ],
  ],
  [
    "arithmetic, wide",
    [
      ["adds r8, r9, r10", (a) => a.adds(r8, r9, r10), "19eb0a08"],
      ["adc r1, r1, #0", (a) => a.adc(r1, r1, 0), "41f10001"],
      ["adcs r4, r4, #0", (a) => a.adcs(r4, r4, 0), "54f10004"],
      ["sbc r2, lr, #0", (a) => a.sbc(r2, lr, 0), "6ef10002"],
      ["sbcs r1, r2, r1", (a) => a.sbcs(r1, r2, r1), "72eb0101"],
      ["add r0, sp, #1024", (a) => a.add(r0, sp, 1024), "0df58060"],
      ["addw r0, r1, #4095", (a) => a.add(r0, r1, 4095), "01f6ff70"],
      ["subw r0, r1, #4095", (a) => a.sub(r0, r1, 4095), "a1f6ff70"],
      ["add r0, r1, #4080", (a) => a.add(r0, r1, 0xff0), "01f57f60"],
      ["sub r1, r2, r3, lsr #3", (a) => a.sub(r1, r2, LSR(r3, 3)), "a2ebd301"],
      ["add r0, r1, r2, ror #25", (a) => a.add(r0, r1, ROR(r2, 25)), "01eb7260"],
      ["eor r12, r12, r1, lsr #3", (a) => a.eor(r12, r12, LSR(r1, 3)), "8cead10c"],
      ["eor r4, r8, r4, ror #16", (a) => a.eor(r4, r8, ROR(r4, 16)), "88ea3444"],
      ["orr r2, r2, r4, lsl #4", (a) => a.orr(r2, r2, LSL(r4, 4)), "42ea0412"],
      ["and r2, r1, #976", (a) => a.and(r2, r1, 976), "01f47472"],
      ["and r3, r3, #15", (a) => a.and(r3, r3, 15), "03f00f03"],
      ["bic r1, r1, #4026531840", (a) => a.bic(r1, r1, 0xf0000000), "21f07041"],
      ["orn r1, r2, r3", (a) => a.orn(r1, r2, r3), "62ea0301"],
      ["rsb r0, r1, #0", (a) => a.rsb(r0, r1, 0), "c1f10000"],
      ["and r0, r1, #16711935", (a) => a.and(r0, r1, 0x00ff00ff), "01f0ff10"],
      ["and r0, r1, #4278255360", (a) => a.and(r0, r1, 0xff00ff00), "01f0ff20"],
      ["and r0, r1, #2880154539", (a) => a.and(r0, r1, 0xabababab), "01f0ab30"],
    ],
  ],
  [
    "moves",
    [
      ["movs r0, #255", (a) => a.movs(r0, 255), "ff20"],
      ["mov r0, #0", (a) => a.mov(r0, 0), "4ff00000"],
      ["mov r8, r1", (a) => a.mov(r8, r1), "8846"],
      ["movs r1, r2", (a) => a.movs(r1, r2), "1100"],
      ["mvn r3, #3", (a) => a.mvn(r3, 3), "6ff00303"],
      ["mvns r3, r4", (a) => a.mvns(r3, r4), "e343"],
      ["movw r1, #977", (a) => a.mov(r1, 977), "40f2d131"],
      ["movw r11, #65535", (a) => a.movw(r11, 65535), "4ff6ff7b"],
      ["movt r11, #21862", (a) => a.movt(r11, 21862), "c5f2665b"],
      ["lsr r1, r2, #5", (a) => a.mov(r1, LSR(r2, 5)), "4fea5211"],
      ["mov r9, #4278190080", (a) => a.mov(r9, 0xff000000), "4ff07f49"],
    ],
  ],
  [
    "comparisons",
    [
      ["cmp r0, #255", (a) => a.cmp(r0, 255), "ff28"],
      ["cmp r8, #1", (a) => a.cmp(r8, 1), "b8f1010f"],
      ["cmp r1, r2", (a) => a.cmp(r1, r2), "9142"],
      ["cmp r9, r2", (a) => a.cmp(r9, r2), "9145"],
      ["tst r0, r1", (a) => a.tst(r0, r1), "0842"],
      ["tst r12, #3", (a) => a.tst(r12, 3), "1cf0030f"],
    ],
  ],
  [
    "shifts",
    [
      ["lsls r0, r1, #31", (a) => a.lsls(r0, r1, 31), "c807"],
      ["lsrs r0, r1, #32", (a) => a.lsrs(r0, r1, 32), "0808"],
      ["asrs r3, r4, #1", (a) => a.asrs(r3, r4, 1), "6310"],
      ["lsl r8, r1, #3", (a) => a.lsl(r8, r1, 3), "4feac108"],
      ["lsr r1, r1, #31", (a) => a.lsr(r1, r1, 31), "4fead171"],
      ["ror r4, r4, #7", (a) => a.ror(r4, r4, 7), "4feaf414"],
      ["lsrs r2, r2, r0", (a) => a.lsrs(r2, r2, r0), "c240"],
      ["lsl r2, r3, r4", (a) => a.lsl(r2, r3, r4), "03fa04f2"],
      ["lsls r7, r7, r5", (a) => a.lsls(r7, r7, r5), "af40"],
    ],
  ],
  [
    "multiplications and bits",
    [
      ["mul r2, r1, r11", (a) => a.mul(r2, r1, r11), "01fb0bf2"],
      ["mla r4, r0, r12, r4", (a) => a.mla(r4, r0, r12, r4), "00fb0c44"],
      ["umull r3, r11, r3, r2", (a) => a.umull(r3, r11, r3, r2), "a3fb023b"],
      ["rrxs r10, r10", (a) => a.rrxs(r10, r10), "5fea3a0a"],
      ["mls r4, r10, r6, r4", (a) => a.mls(r4, r10, r6, r4), "0afb1644"],
      ["smlal r10, r11, r4, r1", (a) => a.smlal(r10, r11, r4, r1), "c4fb01ab"],
      ["umlal r12, lr, r5, r9", (a) => a.umlal(r12, lr, r5, r9), "e5fb09ce"],
      ["umaal r7, r12, r0, r3", (a) => a.umaal(r7, r12, r0, r3), "e0fb637c"],
      ["rev r2, r3", (a) => a.rev(r2, r3), "1aba"],
      ["rev r8, r3", (a) => a.rev(r8, r3), "93fa83f8"],
      ["clz r12, r2", (a) => a.clz(r12, r2), "b2fa82fc"],
      ["uxtb r4, r2", (a) => a.uxtb(r4, r2), "d4b2"],
      ["ubfx r6, r6, #0, #16", (a) => a.ubfx(r6, r6, 0, 16), "c6f30f06"],
      ["sbfx r2, r3, #0, #1", (a) => a.sbfx(r2, r3, 0, 1), "43f30002"],
      ["ubfx r1, r2, #7, #3", (a) => a.ubfx(r1, r2, 7, 3), "c2f3c211"],
    ],
  ],
  [
    "single loads and stores",
    [
      ["ldr r0, [r1]", (a) => a.ldr(r0, r1), "0868"],
      ["ldr r0, [r1, #124]", (a) => a.ldr(r0, r1, 124), "c86f"],
      ["ldr r0, [r1, #128]", (a) => a.ldr(r0, r1, 128), "d1f88000"],
      ["ldr r0, [sp, #1020]", (a) => a.ldr(r0, sp, 1020), "ff98"],
      ["str r9, [sp, #64]", (a) => a.str(r9, sp, 64), "cdf84090"],
      ["str r3, [r2, #4]", (a) => a.str(r3, r2, 4), "5360"],
      ["ldr r1, [r2, #-4]", (a) => a.ldr(r1, r2, -4), "52f8041c"],
      ["ldr r12, [lr], #4", (a) => a.ldr(r12, lr, { post: 4 }), "5ef804cb"],
      ["str r3, [r0], #4", (a) => a.str(r3, r0, { post: 4 }), "40f8043b"],
      ["ldr r1, [r2, #-8]!", (a) => a.ldr(r1, r2, { pre: -8 }), "52f8081d"],
      ["ldrb r3, [r1], #1", (a) => a.ldrb(r3, r1, { post: 1 }), "11f8013b"],
      ["strb r1, [r0, #64]", (a) => a.strb(r1, r0, 64), "80f84010"],
      ["strb r1, [r0, #31]", (a) => a.strb(r1, r0, 31), "c177"],
      ["ldrh r1, [r2, #62]", (a) => a.ldrh(r1, r2, 62), "d18f"],
      ["ldrh r1, [r2, #3]", (a) => a.ldrh(r1, r2, 3), "b2f80310"],
      ["ldr r2, [r1, r3]", (a) => a.ldr(r2, r1, r3), "ca58"],
      ["ldr r2, [r1, r2, lsl #2]", (a) => a.ldr(r2, r1, LSL(r2, 2)), "51f82220"],
      ["strb r6, [r1, r3]", (a) => a.strb(r6, r1, r3), "ce54"],
      ["ldrb r9, [r1, r3]", (a) => a.ldrb(r9, r1, r3), "11f80390"],
    ],
  ],
  [
    "double and multiple",
    [
      ["ldrd r0, r11, [r1, #24]", (a) => a.ldrd(r0, r11, r1, 24), "d1e9060b"],
      ["strd r12, lr, [sp, #96]", (a) => a.strd(r12, lr, sp, 96), "cde918ce"],
      ["ldrd r1, r2, [r3, #-8]", (a) => a.ldrd(r1, r2, r3, -8), "53e90212"],
      ["ldm r2!, {r3, r4, r5, r6}", (a) => a.ldm(r2, registers(3, 6), true), "78ca"],
      ["ldm r2, {r3, r4, r5, r6}", (a) => a.ldm(r2, registers(3, 6)), "92e87800"],
      ["ldm r0, {r0, r1, r2, r3}", (a) => a.ldm(r0, registers(0, 3)), "0fc8"],
      ["stm r0, {r3, r4, r5, r6, r7, r8, r9, r10}", (a) => a.stm(r0, registers(3, 10)), "80e8f807"],
      ["stm r12!, {r4, r5, r6, r7}", (a) => a.stm(r12, registers(4, 7), true), "ace8f000"],
      ["ldm sp, {r1, r2, r3, r4, r5, r6, r7, r8}", (a) => a.ldm(sp, registers(1, 8)), "9de8fe01"],
      ["push {r0, r1, lr}", (a) => a.pushRegisters(r0, r1, lr), "03b5"],
      [
        "push {r4, r5, r6, r7, r8, r9, r10, r11, lr}",
        (a) => a.pushRegisters(...registers(4, 11), lr),
        "2de9f04f",
      ],
    ],
  ],
  [
    "others",
    [
      ["bx r3", (a) => a.bx(r3), "1847"],
      ["blx r12", (a) => a.blx(r12, []), "e047"],
      ["nop", (a) => a.nop(), "00bf"],
    ],
  ],
];

describe("assembler: encodings as GNU as makes them", () => {
  for (const [group, cases] of GROUPS) {
    it(group, () => {
      for (const [text, emit, expected] of cases) {
        const a = new Assembler();
        emit(a);
        const { bytes, source } = a.assemble();
        assert.equal(Buffer.from(bytes).toString("hex"), expected, text);
        assert.equal(source.trim(), text);
      }
    });
  }
});
