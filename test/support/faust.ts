/**
 * The official compiler as a reference.
 *
 * Comes in: source text. Goes out: a module of the official compiler as a machine, or its refusal.
 * The compiler runs in a child process with a time limit (see faust-worker.js); its modules run here, with
 * imports that are right where those of its own runtime are not (remainder, round, copysign, isinf).
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LoadSound } from '../../src/compile.ts'
import { placeSound, type SoundItem, soundBytes } from './faust-sounds.ts'
import { type Machine, type MachineControl, type Recording, record, type Stimulus } from './machine.ts'

export interface OfficialOptions {
  readonly sampleRate?: number
  readonly precision?: 'double' | 'single'
  /** Files that `import`, `library` and `component` find, by relative path. */
  readonly files?: Readonly<Record<string, string>>
  /** Name of the program, which is the label of its root group. */
  readonly name?: string
  readonly timeoutMs?: number
  /** Finds recordings for `soundfile`. */
  readonly loadSound?: LoadSound
}

export type Refused = { readonly ok: false; readonly message: string }
type Compiled = { readonly ok: true; readonly wasm: Uint8Array; readonly json: string }
export type Recorded = Refused | ({ readonly ok: true; readonly json: string } & Recording)
const WORKER = fileURLToPath(new URL('./faust-worker.js', import.meta.url))
const PAGE_BYTES = 65_536

let child: ChildProcess | undefined
let lastId = 0
/** Requests are answered one by one; each waits for the one before it. */
let queue: Promise<unknown> = Promise.resolve()

function startChild(): ChildProcess {
  const started = fork(WORKER, [], { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  started.stdout?.resume()
  started.stderr?.resume()
  for (const part of [started, started.channel, started.stdout, started.stderr]) {
    ;(part as { unref?: () => void } | null | undefined)?.unref?.()
  }
  return started
}

/** Compiles with the official compiler. A hang or a crash of it is a refusal too. */
export function compileOfficially(
  source: string,
  options: OfficialOptions = {},
): Promise<Refused | Compiled> {
  const answered = queue.then(() => requestSafely(source, options))
  queue = answered.catch(() => {})
  return answered
}

/** A fault of the compiler's own. */
const OWN_FAULT = /^ASSERT : /

/** A process that has compiled hundreds of programs now and then fails on one that a fresh process compiles. */
async function requestSafely(source: string, options: OfficialOptions): Promise<Refused | Compiled> {
  const answer = await request(source, options)
  if (answer.ok || !OWN_FAULT.test(answer.message)) return answer
  child?.kill('SIGKILL')
  child = undefined
  return request(source, options)
}

function request(source: string, options: OfficialOptions): Promise<Refused | Compiled> {
  child ??= startChild()
  const current = child
  const id = ++lastId
  const args = `-${options.precision ?? 'double'} -ftz 0`
  return new Promise(resolve => {
    const finish = (answer: Refused | Compiled) => {
      clearTimeout(timer)
      current.off('message', onMessage)
      current.off('exit', onExit)
      resolve(answer)
    }
    const giveUp = (message: string) => {
      child = undefined
      current.kill('SIGKILL')
      finish({ ok: false, message })
    }
    const onMessage = (answer: (Refused | Compiled) & { id: number }) => {
      if (answer.id === id) finish(answer)
    }
    const onExit = () => giveUp('the official compiler crashed')
    const timer = setTimeout(giveUp, options.timeoutMs ?? 20_000, 'the official compiler did not answer')
    current.on('message', onMessage)
    current.on('exit', onExit)
    current.send({ id, name: options.name ?? 'process', source, args, files: options.files ?? {} })
  })
}

/** Compiles, runs under a stimulus, and records. A trap while running is a refusal. */
export async function recordOfficial(
  source: string,
  stimulus: Stimulus,
  options: OfficialOptions = {},
): Promise<Recorded> {
  const compiled = await compileOfficially(source, options)
  if (!compiled.ok) return compiled
  try {
    const machine = await openOfficial(compiled, options.sampleRate ?? 44_100, options.loadSound)
    return { ok: true, json: compiled.json, ...record(machine, stimulus) }
  } catch (error) {
    return { ok: false, message: `trap: ${String(error)}` }
  }
}

export interface RunFaustOptions extends OfficialOptions {
  readonly frames: number
  readonly block?: number
  /** One array a channel; channels or frames that are missing are silent. Default: an impulse on each. */
  readonly inputs?: readonly ArrayLike<number>[]
  /** Values by address; others keep their initial value. */
  readonly controls?: Readonly<Record<string, number>>
  /** The value of all buttons. Default 0. */
  readonly buttons?: number
}

/** Runs a program for some frames with fixed controls: the short way for tests that need a reference. */
export function runFaust(source: string, options: RunFaustOptions): Promise<Recorded> {
  return recordOfficial(source, fixedStimulus(options), options)
}

/** A stimulus whose controls do not move. */
export function fixedStimulus(options: RunFaustOptions): Stimulus {
  const block = options.block ?? 64
  const count = Math.ceil(options.frames / block)
  return {
    blocks: Array.from({ length: count }, (_, i) => Math.min(block, options.frames - i * block)),
    input: (channel, frame) =>
      options.inputs ? (options.inputs[channel]?.[frame] ?? 0) : frame === 0 ? 1 : 0,
    control: control =>
      options.controls?.[control.address] ??
      (control.kind === 'button' ? (options.buttons ?? 0) : control.init),
  }
}

interface OfficialExports {
  /** Programs with sounds import theirs. */
  readonly memory?: WebAssembly.Memory
  readonly init: (dsp: number, sampleRate: number) => void
  readonly compute: (dsp: number, frames: number, inputs: number, outputs: number) => void
  readonly getParamValue: (dsp: number, index: number) => number
  readonly setParamValue: (dsp: number, index: number, value: number) => void
}

interface Description {
  readonly inputs: number
  readonly outputs: number
  readonly size: number
  readonly compile_options: string
  readonly ui: readonly JsonItem[]
}

interface JsonItem extends SoundItem {
  readonly address: string
  readonly items?: readonly JsonItem[]
  readonly init?: number
  readonly min?: number
  readonly max?: number
  readonly step?: number
}

const LONGEST_BLOCK = 4096

/** Makes an instance of an official module: struct at 0, then pointer tables, channel buffers, sounds. */
export async function openOfficial(
  compiled: Compiled,
  sampleRate: number,
  loadSound: LoadSound = () => undefined,
): Promise<Machine> {
  const { code, memory, description, bytes } = await instantiate(compiled)
  const channels = description.inputs + description.outputs
  const pointers = (description.size + 15) & ~15
  const buffers = (pointers + channels * 4 + 15) & ~15
  const address = (channel: number) => buffers + channel * LONGEST_BLOCK * bytes
  const widgets = description.ui.flatMap(leaves)
  const sounds = widgets.filter(widget => widget.type === 'soundfile')
  growTo(memory, address(channels) + soundBytes(sounds, loadSound))
  sounds.reduce((at, item) => placeSound(memory, item, at, loadSound, bytes), address(channels))
  code.init(0, sampleRate)
  const table = new Int32Array(memory.buffer, pointers, channels)
  for (let i = 0; i < channels; i++) table[i] = address(i)
  const view = (channel: number, frames: number) =>
    bytes === 8
      ? new Float64Array(memory.buffer, address(channel), frames)
      : new Float32Array(memory.buffer, address(channel), frames)
  return {
    inputs: description.inputs,
    outputs: description.outputs,
    controls: widgets.map(toControl),
    get: control => code.getParamValue(0, widgets[control]!.index),
    set: (control, value) => code.setParamValue(0, widgets[control]!.index, value),
    process: (inputs, frames) => {
      if (frames > LONGEST_BLOCK) throw new RangeError('block too long')
      inputs.forEach((samples, i) => {
        view(i, frames).set(samples)
      })
      code.compute(0, frames, pointers, pointers + description.inputs * 4)
      return Array.from({ length: description.outputs }, (_, i) =>
        Float64Array.from(view(description.inputs + i, frames)),
      )
    },
  }
}

async function instantiate(compiled: Compiled) {
  const description = JSON.parse(compiled.json) as Description
  // Room for the text of the JSON, which the module brings to address 0.
  const own = new WebAssembly.Memory({ initial: Math.ceil((compiled.json.length + 1) / PAGE_BYTES) })
  const env = { ...mathImports(), memory: own }
  const { instance } = await WebAssembly.instantiate(compiled.wasm as BufferSource, { env })
  const code = instance.exports as unknown as OfficialExports
  const bytes: 4 | 8 = description.compile_options.includes('-double') ? 8 : 4
  return { code, memory: code.memory ?? own, description, bytes }
}

export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
}

function leaves(item: JsonItem): readonly JsonItem[] {
  return item.items ? item.items.flatMap(leaves) : [item]
}

function toControl(item: JsonItem): MachineControl {
  const { init = 0, min = 0, max = 1, step = 1 } = item
  return { kind: item.type, address: item.address, init, min, max, step }
}

/** What modules of the official compiler import, in C's meaning, for both precisions. */
function mathImports(): Record<string, (x: number, y: number) => number> {
  const functions: Record<string, (x: number, y: number) => number> = {
    acos: Math.acos,
    asin: Math.asin,
    atan: Math.atan,
    atan2: Math.atan2,
    ceil: Math.ceil,
    cos: Math.cos,
    exp: Math.exp,
    floor: Math.floor,
    fmod: (x, y) => x % y,
    log: Math.log,
    log10: Math.log10,
    pow: Math.pow,
    remainder,
    rint: roundHalfToEven,
    round: x => (x < 0 ? -roundHalfUp(-x) : roundHalfUp(x)),
    sin: Math.sin,
    sqrt: Math.sqrt,
    tan: Math.tan,
    acosh: Math.acosh,
    asinh: Math.asinh,
    atanh: Math.atanh,
    cosh: Math.cosh,
    sinh: Math.sinh,
    tanh: Math.tanh,
    isnan: x => (Number.isNaN(x) ? 1 : 0),
    isinf: x => (Math.abs(x) === Infinity ? 1 : 0),
    copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
    max_: Math.max,
    min_: Math.min,
  }
  const imports: Record<string, (x: number, y: number) => number> = { _abs: Math.abs }
  for (const [name, run] of Object.entries(functions)) {
    imports[`_${name}`] = run
    imports[`_${name}f`] = run
  }
  return imports
}

/** For x ≥ 0. `floor(x + 0.5)` would round the largest number below 0.5 up. */
function roundHalfUp(x: number): number {
  const below = Math.floor(x)
  return x - below >= 0.5 ? below + 1 : below
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

/** IEEE 754 remainder: x − n·y, n the integer nearest to x/y, even on a tie. Exact, as `%` is. */
function remainder(x: number, y: number): number {
  const size = Math.abs(y)
  if (!Number.isFinite(x) || !(size > 0)) return Number.NaN
  if (size === Infinity) return x
  let rest = Math.abs(x) % (2 * size)
  if (rest - size >= size / 2) rest -= 2 * size
  else if (rest > size / 2) rest -= size
  return x < 0 ? -rest : rest
}
