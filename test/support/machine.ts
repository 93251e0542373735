/**
 * Runs a compiled program, whoever compiled it, under a fixed stimulus.
 *
 * Comes in: a machine (one instance of a program) and a stimulus (input samples, control moves, block sizes).
 * Goes out: what the program answered. Both compilers are driven through this one file, so that a difference
 * between two recordings is a difference between the programs.
 */

/** A control as both compilers describe it. Buttons and checkboxes go from 0 to 1. */
export interface MachineControl {
  readonly kind: string
  readonly address: string
  readonly init: number
  readonly min: number
  readonly max: number
  readonly step: number
}

/** One instance of a program, its state at zero. */
export interface Machine {
  readonly inputs: number
  readonly outputs: number
  readonly controls: readonly MachineControl[]
  readonly get: (control: number) => number
  readonly set: (control: number, value: number) => void
  /** Computes the next `frames` frames; fresh arrays. */
  readonly process: (inputs: readonly Float64Array[], frames: number) => Float64Array[]
}

export interface Stimulus {
  /** Frames of each block, in order. */
  readonly blocks: readonly number[]
  readonly input: (channel: number, frame: number) => number
  /** The value of an active control during a block; undefined leaves it as it is. */
  readonly control: (control: MachineControl, block: number) => number | undefined
}

export interface Recording {
  readonly outputs: readonly Float64Array[]
  readonly controls: readonly MachineControl[]
  /** Values of each bargraph at the end of each block, by address. */
  readonly meters: Readonly<Record<string, readonly number[]>>
}

export function isMeter(control: MachineControl): boolean {
  return control.kind === 'hbargraph' || control.kind === 'vbargraph'
}

export function record(machine: Machine, stimulus: Stimulus): Recording {
  const frames = stimulus.blocks.reduce((sum, block) => sum + block, 0)
  const outputs = Array.from({ length: machine.outputs }, () => new Float64Array(frames))
  const meters: Record<string, number[]> = {}
  let first = 0
  stimulus.blocks.forEach((size, block) => {
    moveControls(machine, stimulus, block)
    const answered = machine.process(inputBlock(machine.inputs, stimulus, first, size), size)
    answered.forEach((samples, channel) => {
      outputs[channel]!.set(samples, first)
    })
    machine.controls.forEach((control, index) => {
      if (isMeter(control)) (meters[control.address] ??= []).push(machine.get(index))
    })
    first += size
  })
  return { outputs, controls: machine.controls, meters }
}

function moveControls(machine: Machine, stimulus: Stimulus, block: number): void {
  machine.controls.forEach((control, index) => {
    if (isMeter(control) || control.kind === 'soundfile') return
    const value = stimulus.control(control, block)
    if (value !== undefined) machine.set(index, value)
  })
}

function inputBlock(channels: number, stimulus: Stimulus, first: number, size: number): Float64Array[] {
  return Array.from({ length: channels }, (_, channel) =>
    Float64Array.from({ length: size }, (_, i) => stimulus.input(channel, first + i)),
  )
}

/** What the probes were recorded with: an impulse on every input, buttons held, one block of 64. */
export const probeStimulus: Stimulus = {
  blocks: [64],
  input: (_, frame) => (frame === 0 ? 1 : 0),
  control: control => (control.kind === 'button' ? 1 : control.init),
}

/** A number in [0, 1) that depends on both arguments only. Mixing steps of MurmurHash3's finaliser. */
export function hash(a: number, b: number): number {
  let h = (Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b)) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}

/**
 * Noise on every input, and controls that go through initial value, maximum, minimum and values between.
 * Odd block sizes show code that only works for round numbers of frames.
 */
export const movingStimulus: Stimulus = {
  blocks: [64, 1, 7, 56, 64, 64],
  input: (channel, frame) => 2 * hash(channel, frame) - 1,
  control: (control, block) => {
    if (control.kind === 'button' || control.kind === 'checkbox') return [0, 1, 1, 0, 1, 0][block % 6]!
    if (block < 3) return [control.init, control.max, control.min][block]!
    const steps = control.step > 0 ? Math.floor((control.max - control.min) / control.step) : 0
    const value = control.min + Math.floor(hash(block, control.address.length) * (steps + 1)) * control.step
    return Math.min(control.max, value)
  },
}
