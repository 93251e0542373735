/**
 * Writes instructions of a function body.
 *
 * Comes in: instructions in the order of the code. Goes out: their bytes. Apart from the walk over the kernel, so that
 * the choice between forms of one instruction is made in one place: a local that is set and read at once becomes a
 * `local.tee`, which engines need not load again.
 */
import type { KernelType } from '../kernel.ts'
import { type ByteWriter, createWriter } from './bytes.ts'
import { ACCESS, NO_RESULT, OPCODE, TYPE_CODE } from './opcodes.ts'

export interface Code {
  get(local: number): void
  set(local: number): void
  /** Bytes of an instruction without immediates of its own. */
  instruction(bytes: ArrayLike<number>): void
  /** `opcode` with the memory immediate of an access of 2^`alignment` bytes. */
  access(opcode: readonly number[], alignment: number, offset: number): void
  constant(type: KernelType, value: number | bigint): void
  call(index: number): void
  if(): void
  loop(): void
  byte(opcode: number): void
  /** Goes to the start of the loop around, if the number on the stack is not 0. */
  branchToLoop(): void
  end(): void
  /** The instructions so far, which are then forgotten, behind the declaration of their locals. */
  take(locals: readonly KernelType[], into: ByteWriter): void
}

export function createCode(): Code {
  const body = createWriter(1 << 14)
  const header = createWriter()
  /** The local set by the last instruction, and where that ends. */
  let set = -1
  let setEnd = -1

  const withLocal = (opcode: number, local: number): void => {
    body.byte(opcode)
    body.unsigned(local)
  }

  return {
    get(local) {
      if (local === set && setEnd === body.length()) {
        body.patch(setEnd - lengthOf(local) - 1, OPCODE.localTee)
        set = -1
      } else withLocal(OPCODE.localGet, local)
    },
    set(local) {
      withLocal(OPCODE.localSet, local)
      set = local
      setEnd = body.length()
    },
    instruction: body.bytes,
    access(opcode, alignment, offset) {
      body.bytes(opcode)
      body.unsigned(alignment)
      body.unsigned(offset)
    },
    constant: (type, value) => writeConstant(body, type, value),
    call(index) {
      withLocal(OPCODE.call, index)
    },
    if() {
      body.byte(OPCODE.if)
      body.byte(NO_RESULT)
    },
    loop() {
      body.byte(OPCODE.loop)
      body.byte(NO_RESULT)
    },
    byte: body.byte,
    branchToLoop() {
      body.byte(OPCODE.branchIf)
      body.unsigned(0)
    },
    end() {
      body.byte(OPCODE.end)
    },
    take(locals, into) {
      header.clear()
      writeLocals(header, locals)
      into.unsigned(header.length() + body.length())
      into.bytes(header.view())
      into.bytes(body.view())
      body.clear()
      set = -1
    },
  }
}

/** Of an index as unsigned LEB128; engines allow fewer than 2²¹ locals. */
const lengthOf = (local: number): number => (local < 1 << 7 ? 1 : local < 1 << 14 ? 2 : 3)

function writeConstant(out: ByteWriter, type: KernelType, value: number | bigint): void {
  out.bytes(ACCESS[type].constant)
  switch (type) {
    case 'i32':
      out.signed32(Number(value))
      break
    case 'i64':
      out.signed64(BigInt(value))
      break
    case 'f32':
      out.float32(Number(value))
      break
    case 'f64':
      out.float64(Number(value))
      break
    case 'v128':
      out.bytes(vectorBytes(BigInt(value)))
  }
}

/** Little-endian. */
function vectorBytes(bits: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(16))
  view.setBigUint64(0, BigInt.asUintN(64, bits), true)
  view.setBigUint64(8, bits >> 64n, true)
  return new Uint8Array(view.buffer)
}

/** As runs of equal types. */
function writeLocals(out: ByteWriter, locals: readonly KernelType[]): void {
  const runs: { readonly type: KernelType; count: number }[] = []
  for (const type of locals) {
    const last = runs.at(-1)
    if (last?.type === type) last.count++
    else runs.push({ type, count: 1 })
  }
  out.unsigned(runs.length)
  for (const { type, count } of runs) {
    out.unsigned(count)
    out.byte(TYPE_CODE[type])
  }
}
