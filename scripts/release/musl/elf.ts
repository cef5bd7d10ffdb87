/** A part of the file that is mapped into memory, or that tells the loader something. */
interface Segment {
  /** Where its header stands in the file. */
  readonly header: number;
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly alignment: number;
}

/** A place in memory that the loader fills in with what it knows of a symbol. */
export interface Relocation {
  readonly kind: "function" | "address" | "copy" | "number" | "thread";
  /** The name of the symbol; empty when there is none. */
  readonly symbol: string;
  /** Whether another library must have it. */
  readonly foreign: boolean;
  /** Whether the program can do without. */
  readonly weak: boolean;
  /** Bytes that the symbol takes. */
  readonly size: number;
  readonly address: number;
  /** What is added to the symbol's address. */
  readonly addend: number;
  /** Where its record stands in the file. */
  readonly record: number;
}

const EXECUTABLE = 2;
const SEGMENT = { load: 1, dynamic: 2, note: 4, thread: 7 };
const TAG = { needed: 1, jumpSize: 2, strings: 5, symbols: 6, relocations: 7, relocationSize: 8, jumps: 23 };
const WEAK = 2;
const READ_AND_RUN = 5;
/** More than any constant among the code asks for. */
const CODE_ALIGNMENT = 64;
/** The largest page of the processors. */
const PAGE = 0x10000;
const X64 = 62;
const ARM64 = 183;
const MACHINES = [X64, ARM64] as const;
/** The relocation that fills in a number, by processor. */
const NUMBER = { [X64]: 8, [ARM64]: 1027 } as const;
/** What the other ones fill in. No number means one thing for one processor and another for the other. */
const KINDS: ReadonlyMap<number, Relocation["kind"]> = new Map([
  [1, "address"],
  [5, "copy"],
  [6, "address"],
  [7, "function"],
  [NUMBER[X64], "number"],
  [18, "thread"],
  [257, "address"],
  [1024, "copy"],
  [1025, "address"],
  [1026, "function"],
  [NUMBER[ARM64], "number"],
  [1030, "thread"],
]);

/**
 * A program that is loaded at fixed addresses and linked with libraries when it starts: what has to be read of it, and
 * changed, to link it with a part of a library for good.
 */
export class ElfProgram {
  readonly bytes: Buffer;
  readonly relocations: readonly Relocation[];
  readonly #segments: readonly Segment[];
  readonly #machine: typeof X64 | typeof ARM64;

  /** @throws Error for other files than such programs for x64 and arm64 */
  constructor(bytes: Buffer) {
    this.bytes = Buffer.from(bytes);
    const found = MACHINES.find((code) => code === bytes.readUInt16LE(18));
    const isElf = bytes.readUInt32BE(0) === 0x7f454c46;
    if (!isElf || bytes.readUInt16LE(16) !== EXECUTABLE || found === undefined) {
      throw new Error("it is no program that is loaded at fixed addresses");
    }
    this.#machine = found;
    const [table, entry] = [this.#number(32), bytes.readUInt16LE(54)];
    this.#segments = Array.from({ length: bytes.readUInt16LE(56) }, (_, at) =>
      this.#segment(table + at * entry),
    );
    this.relocations = [
      ...this.#relocationsIn(this.#tag(TAG.relocations), this.#tag(TAG.relocationSize)),
      ...this.#relocationsIn(this.#tag(TAG.jumps), this.#tag(TAG.jumpSize)),
    ];
  }

  /** The libraries that the loader looks for. */
  get libraries(): string[] {
    return this.#tags().flatMap(({ tag, value }) => (tag === TAG.needed ? [this.#text(value)] : []));
  }

  dropLibrary(name: string): void {
    const { offset, fileSize } = this.#only(SEGMENT.dynamic);
    const kept = this.#tags().filter(({ tag, value }) => tag !== TAG.needed || this.#text(value) !== name);
    const records = Buffer.alloc(fileSize);
    for (const [at, { tag, value }] of kept.entries()) {
      records.writeBigUInt64LE(BigInt(tag), at * 16);
      records.writeBigUInt64LE(BigInt(value), at * 16 + 8);
    }
    records.copy(this.bytes, offset);
  }

  /** Makes the loader fill in a number instead of what it knows of the symbol. */
  settle({ record }: Relocation, value: number): void {
    this.bytes.writeBigUInt64LE(BigInt(NUMBER[this.#machine]), record + 8);
    this.bytes.writeBigInt64LE(BigInt(value), record + 16);
  }

  /** Changes what stands at an address when the program has been loaded. */
  write(address: number, bytes: Buffer): void {
    bytes.copy(this.bytes, this.#offset(address, bytes.length));
  }

  /**
   * Gives every thread 16 bytes more of its own. What they hold at first is not said.
   *
   * @returns their distance from the thread pointer
   */
  addThreadStorage(): number {
    const segment = this.#only(SEGMENT.thread);
    const { address, memorySize, alignment, header } = segment;
    if (16 % alignment !== 0) throw new Error(`its thread storage is aligned to ${alignment} bytes`);
    if (this.#machine === ARM64) {
      // The storage follows the thread pointer, after two words.
      const size = Math.ceil(memorySize / 16) * 16;
      this.bytes.writeBigUInt64LE(BigInt(size + 16), header + 40);
      return 16 + ((address - 16) % alignment) + size;
    }
    // The storage ends where the thread pointer points: what comes in front changes no other place.
    const changes = [
      [8, segment.offset - 16],
      [16, address - 16],
      [24, address - 16],
      [32, segment.fileSize + 16],
      [40, memorySize + 16],
    ] as const;
    for (const [at, value] of changes) this.bytes.writeBigUInt64LE(BigInt(value), header + at);
    return -Math.ceil((address + memorySize) / alignment) * alignment + address - 16;
  }

  /** Where added code has to be linked to: behind everything, and as far into a page as it then stands in the file. */
  get codeAddress(): number {
    const ends = this.#segments.map(({ type, address, memorySize }) =>
      type === SEGMENT.load ? address + memorySize : 0,
    );
    return Math.ceil(Math.max(...ends) / PAGE) * PAGE + (this.#codeOffset % PAGE);
  }

  get #codeOffset(): number {
    return Math.ceil(this.bytes.length / CODE_ALIGNMENT) * CODE_ALIGNMENT;
  }

  /**
   * The program with code that was linked to `codeAddress`. It takes the place of the note in the table of segments,
   * which holds a build identity and nothing that is used.
   */
  withCode(code: Buffer): Buffer {
    const [offset, address] = [this.#codeOffset, this.codeAddress];
    const { header } = this.#only(SEGMENT.note);
    this.bytes.writeUInt32LE(SEGMENT.load, header);
    this.bytes.writeUInt32LE(READ_AND_RUN, header + 4);
    const numbers = [offset, address, address, code.length, code.length, PAGE];
    for (const [at, value] of numbers.entries())
      this.bytes.writeBigUInt64LE(BigInt(value), header + 8 + at * 8);
    return Buffer.concat([this.bytes, Buffer.alloc(offset - this.bytes.length), code]);
  }

  #segment(header: number): Segment {
    const [offset = 0, address = 0, , fileSize = 0, memorySize = 0, alignment = 0] = [
      8, 16, 24, 32, 40, 48,
    ].map((at) => this.#number(header + at));
    return {
      header,
      type: this.bytes.readUInt32LE(header),
      offset,
      address,
      fileSize,
      memorySize,
      alignment,
    };
  }

  #only(type: number): Segment {
    const [found, ...others] = this.#segments.filter((segment) => segment.type === type);
    if (found === undefined || others.length > 0) throw new Error(`it has not one segment of type ${type}`);
    return found;
  }

  #relocationsIn(address: number, size: number): Relocation[] {
    const first = this.#offset(address, size);
    const symbols = this.#offset(this.#tag(TAG.symbols));
    return Array.from({ length: size / 24 }, (_, at) => {
      const record = first + at * 24;
      const type = this.bytes.readUInt32LE(record + 8);
      const kind = KINDS.get(type);
      if (kind === undefined)
        throw new Error(`it has a relocation of the type ${type}, which is not known here`);
      const symbol = symbols + this.bytes.readUInt32LE(record + 12) * 24;
      return {
        kind,
        symbol: this.#text(this.bytes.readUInt32LE(symbol)),
        foreign: this.bytes.readUInt16LE(symbol + 6) === 0 || kind === "copy",
        weak: (this.bytes[symbol + 4] ?? 0) >> 4 === WEAK,
        size: this.#number(symbol + 16),
        address: this.#number(record),
        addend: this.#number(record + 16),
        record,
      };
    });
  }

  #tags(): { tag: number; value: number }[] {
    const { offset, fileSize } = this.#only(SEGMENT.dynamic);
    const all = Array.from({ length: fileSize / 16 }, (_, at) => ({
      tag: this.#number(offset + at * 16),
      value: this.#number(offset + at * 16 + 8),
    }));
    return all.slice(
      0,
      all.findIndex(({ tag }) => tag === 0),
    );
  }

  #tag(wanted: number): number {
    const found = this.#tags().find(({ tag }) => tag === wanted);
    if (found === undefined) throw new Error(`it has no entry ${wanted} for the loader`);
    return found.value;
  }

  #text(at: number): string {
    const start = this.#offset(this.#tag(TAG.strings)) + at;
    return this.bytes.toString("latin1", start, this.bytes.indexOf(0, start));
  }

  /** Where in the file something stands that is loaded from it. */
  #offset(address: number, length = 1): number {
    const segment = this.#segments.find(
      (each) =>
        each.type === SEGMENT.load &&
        address >= each.address &&
        address + length <= each.address + each.fileSize,
    );
    if (segment === undefined) throw new Error(`nothing of the file is loaded at ${address}`);
    return address - segment.address + segment.offset;
  }

  #number(at: number): number {
    return Number(this.bytes.readBigUInt64LE(at));
  }
}
