/**
 * The Espruino globals that the firmware uses, exact as far as it uses them. Only
 * firmware/src/board may name them (a lint rule checks it).
 *
 * Source: Espruino 2v29, libs/js, libs/bluetooth/jswrap_bluetooth.c, libs/js/jswrap_storage.c and
 * jswrap_flash.c. Errors inside many of these print on the console and return undefined: check
 * results. What is under NRF and the board's pins was executed on the emulated chip, not yet on a
 * board.
 */

type Bytes = Uint8Array | ArrayBuffer | string | readonly number[];

interface EspruinoE {
  /** One 32-bit sample of the hardware generator; throws on a timeout. Fixed seed on Linux. */
  hwRand(): number;
  /** IEEE CRC-32, unsigned. */
  CRC32(data: Bytes | string): number;
  /** At most four arguments. With `data` the address is an offset into it. Thumb: bit 0 set. */
  nativeCall(
    address: number,
    signature: string,
    data?: string,
  ): (a?: number, b?: number, c?: number, d?: number) => number;
  /** 0 when not flat (`flatOnly`), or not in memory (Storage of the Linux interpreter). */
  getAddressOf(value: Bytes, flatOnly: boolean): number;
  toUint8Array(...parts: Bytes[]): Uint8Array;
  /** Of a flat string: a view of the same bytes, else a copy. */
  toArrayBuffer(text: string): ArrayBuffer;
  /** A flat string; undefined when there is no room in one piece. */
  toString(...parts: Bytes[]): string | undefined;
  setConsole(device: null | object, options?: { force: boolean }): void;
  /** null when it is on no link. */
  getConsole(): string | null;
  lockConsole(): void;
  setPassword(password?: string): void;
  setFlags(flags: { [flag: string]: number }): void;
  getFlags(): { [flag: string]: number };
  getErrorFlags(): string[];
  defrag(): void;
  reboot(): void;
  on(event: "init" | "kill" | "errorFlag", listener: (flags: string[]) => void): void;
}
declare const E: EspruinoE;

/** Base64. `btoa` takes the bytes of a view as well as a string; `atob` gives a binary string. */
declare function atob(base64: string): string;
declare function btoa(bytes: Bytes): string;

/** Seconds, with fractions; counts on through sleep, starts anew at a power-up. */
declare function getTime(): number;
declare function setTimeout(then: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number): void;
declare function setInterval(then: () => void, milliseconds: number): number;
declare function clearInterval(timer: number): void;

interface EspruinoStorage {
  /** undefined = no such file. On boards a native string that lies in flash. */
  read(name: string, offset?: number, length?: number): string | undefined;
  write(name: string, data: Bytes, offset?: number, size?: number): boolean;
  list(): string[];
  getFree(): number;
  erase(name: string): void;
  eraseAll(): void;
  compact(): void;
}
interface EspruinoFlash {
  getFree(): { addr: number; length: number }[];
  /** undefined for an address outside of flash: ask for addresses in flash only. */
  getPage(address: number): { addr: number; length: number };
  erasePage(address: number): void;
  write(data: Bytes, address: number): void;
  read(length: number, address: number): Uint8Array;
}
declare function require(name: "Storage"): EspruinoStorage;
declare function require(name: "Flash"): EspruinoFlash;

interface EspruinoMemory {
  free: number;
  usage: number;
  total: number;
  /** The next four only on boards, where flash is memory-mapped. */
  flash_start?: number;
  flash_binary_end?: number;
  flash_code_start?: number;
  flash_length?: number;
}
interface EspruinoProcess {
  /** The main loop's word of an error that nothing caught, instead of printing it. */
  on(event: "uncaughtException", listener: () => void): void;
  memory(collect?: boolean): EspruinoMemory;
  readonly version: string;
  readonly env: { BOARD: string; VERSION: string; FLASH: number; STORAGE: number; RAM: number };
}
declare const process: EspruinoProcess;

interface EspruinoPin {
  read(): boolean;
  write(value: number | boolean): void;
}
type Pins = EspruinoPin | EspruinoPin[];
declare function digitalWrite(pin: Pins, value: number | boolean): void;
declare function digitalRead(pin: EspruinoPin): number;
declare function digitalPulse(pin: EspruinoPin, value: number | boolean, ms: number): void;
declare function setWatch(
  then: (event: { state: boolean; time: number; lastTime: number }) => void,
  pin: EspruinoPin,
  options?: { repeat?: boolean; edge?: "rising" | "falling" | "both"; debounce?: number },
): number;
declare function clearWatch(watch: number): void;

interface EspruinoSerial {
  setup(baud: number, options?: { rx?: EspruinoPin; tx?: EspruinoPin; path?: string }): void;
  write(data: Bytes): void;
  print(text: string): void;
  /** The listener's `this` is the port. */
  on(event: "data", listener: (this: EspruinoSerial, data: string) => void): void;
  removeAllListeners(): void;
}
interface EspruinoGlobal {
  /** What a board does not have is undefined: test before use. */
  readonly BTN?: EspruinoPin;
  readonly BTN1?: EspruinoPin;
  readonly LED1?: EspruinoPin;
  readonly LED2?: EspruinoPin;
  readonly LED3?: EspruinoPin;
  readonly Serial1?: EspruinoSerial;
  readonly Bluetooth?: EspruinoSerial;
  readonly USB?: EspruinoSerial;
  readonly NRF?: EspruinoNRF;
  [name: string]: unknown;
}
declare const global: EspruinoGlobal;
declare const BTN: EspruinoPin;
declare const LED1: EspruinoPin;
declare const LED2: EspruinoPin;
declare const LED3: EspruinoPin;
declare const Serial1: EspruinoSerial;
declare const Bluetooth: EspruinoSerial;
declare const USB: EspruinoSerial;

/** A characteristic as `NRF.setServices` and `NRF.updateServices` take it. */
interface EspruinoCharacteristic {
  value?: string;
  maxLen?: number;
  writable?: boolean;
  indicate?: boolean;
  /** Called from the event queue, at most 61 bytes on boards whose MTU is 53. */
  onWrite?: (event: EspruinoWrite) => void;
}
interface EspruinoWrite {
  readonly data: ArrayBuffer;
}
/** Services by UUID, each its characteristics by UUID. */
interface EspruinoServices {
  [service: string]: { [characteristic: string]: EspruinoCharacteristic };
}
interface EspruinoNRF {
  on(event: "connect", listener: (address: string) => void): void;
  on(event: "disconnect", listener: (reason: number) => void): void;
  on(event: "NFCon" | "NFCoff", listener: () => void): void;
  /** What becomes of a pairing: "start", then "success" or "fail". */
  on(event: "bond", listener: (what: string) => void): void;
  on(event: "NFCrx", listener: (frame: ArrayBuffer) => void): void;
  setAdvertising(data: object, options?: { name?: string }): void;
  /** Restarts the radio when it changes what was there, at once or when the connection ends. */
  setServices(services: EspruinoServices, options?: { uart?: boolean; advertise?: string[] }): void;
  /**
   * Throws while an indication is unconfirmed (BUSY) and while a restart of the radio is due. Does
   * nothing, silently, when nobody subscribed.
   */
  updateServices(services: EspruinoServices): void;
  /** "aa:bb:cc:dd:ee:ff random". Restarts the radio, as above. */
  setAddress(address: string): void;
  /**
   * `pair: false` refuses pairing; otherwise whoever asks is bonded with, which is written into
   * flash.
   */
  setSecurity(options: { pair: boolean }): void;
  /** Throws while somebody is connected. */
  eraseBonds(): void;
  /**
   * At once, and `meanwhile` is called while the SoftDevice is disabled. While somebody is
   * connected: later, and it is never called.
   */
  restart(meanwhile: () => void): void;
  disconnect(): void;
  /** Nothing: takes away the message that some builds show by themselves. On builds with NFC. */
  nfcURL(): void;
  /** Only on builds with NFC. The first 10 bytes of the tag: its id with check bytes. */
  nfcStart?(uid?: Bytes): ArrayBuffer;
  nfcStop(): void;
  /** Bytes = a frame, a number = a 4-bit ACK or NACK, nothing = listen again. */
  nfcSend(frame?: Bytes | number): void;
}
declare const NRF: EspruinoNRF;

declare function peek32(address: number): number;
declare function poke32(address: number, value: number): void;
declare function load(): void;
declare function print(...values: unknown[]): void;
