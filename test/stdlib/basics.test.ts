/** Units, counters, selection, sampling and sliding windows of `ba`, routing of `ro`, smoothing of `si`. */
import { describe, expect, it } from 'vitest'
import { hash } from '../support/machine.ts'
import { applyEach, renderAll, renderSource } from '../support/render.ts'

const list = (channel: Float64Array | undefined) => [...channel!]
/** Outputs of `process` for inputs given sample by sample. */
async function run(process: string, ...input: (readonly number[])[]): Promise<number[][]> {
  const source = `import("stdfaust.lib"); process = ${process};`
  const frames = Math.max(...input.map(channel => channel.length))
  return (await renderSource(source, { frames, input })).map(list)
}

describe('units', () => {
  it.each([
    ['ba.db2linear', (x: number) => 10 ** (x / 20)],
    ['abs : +(0.001) : ba.linear2db', (x: number) => 20 * Math.log10(Math.abs(x) + 0.001)],
    ['ba.midikey2hz', (x: number) => 440 * 2 ** ((x - 69) / 12)],
    ['abs : +(1) : ba.hz2midikey', (x: number) => 69 + 12 * Math.log2((Math.abs(x) + 1) / 440)],
    ['ba.pianokey2hz', (x: number) => 440 * 2 ** ((x - 49) / 12)],
    ['ba.semi2ratio', (x: number) => 2 ** (x / 12)],
    ['ba.cent2ratio', (x: number) => 2 ** (x / 1200)],
    ['ba.semi2ratio : ba.ratio2semi', (x: number) => x],
    ['ba.cent2ratio : ba.ratio2cent', (x: number) => x],
    ['ba.sec2samp', (x: number) => x * 44_100],
    ['ba.samp2sec', (x: number) => x / 44_100],
    ['abs : +(0.001) : ba.tau2pole', (x: number) => Math.exp(-1 / (44_100 * (Math.abs(x) + 0.001)))],
    ['abs : +(0.001) : ba.tau2pole : ba.pole2tau', (x: number) => Math.abs(x) + 0.001],
  ] as const)('%s', async (code, expected) => {
    const args = [-60, -12, -1, -0.1, 0, 0.5, 1, 7, 60, 69, 100]
    const [answers] = await applyEach([code], args)
    args.forEach((x, i) => {
      const wanted = expected(x)
      expect(Math.abs(answers![i]! - wanted)).toBeLessThanOrEqual(2e-8 * Math.max(1, Math.abs(wanted)))
    })
  })

  it('has no smoothing for a time of 0', async () => {
    expect((await renderAll(['ba.tau2pole(0)'], { frames: 1 }))[0]![0]).toBe(0)
  })
})

describe('counters', () => {
  it('counts time, periods and pulses', async () => {
    const outputs = await renderAll(['ba.time', 'ba.period(3)', 'ba.pulse(3)', 'ba.pulsen(2, 4)'], {
      frames: 8,
    })
    expect(outputs.map(list)).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [0, 1, 2, 0, 1, 2, 0, 1],
      [1, 0, 0, 1, 0, 0, 1, 0],
      [1, 1, 0, 0, 1, 1, 0, 0],
    ])
  })

  it('counts what triggers it', async () => {
    const trigger = [0, 1, 0, 0, 1, 1, 0, 1]
    const process =
      '_ <: ba.counter, ba.countdown(2), ba.countup(2), ba.toggle, ba.spulse(2), ba.resetCtr(2, 1), ba.cycle(2)'
    expect(await run(process, trigger)).toEqual([
      [0, 1, 1, 1, 2, 2, 2, 3],
      [0, 2, 1, 0, 2, 2, 1, 2],
      [1, 0, 1, 2, 0, 0, 1, 0],
      [0, 1, 1, 1, 0, 0, 0, 1],
      [0, 1, 1, 0, 1, 1, 0, 1],
      [0, 1, 0, 0, 0, 1, 0, 0],
      [0, 1, 0, 0, 0, 1, 0, 0],
      [0, 0, 0, 0, 1, 0, 0, 1],
    ])
  })

  it('goes to a new value in a straight line', async () => {
    const steps = [0, 0, 1, 1, 1, 1, 1, 1]
    const [line, ramp] = await run('_ <: ba.line(4), ba.ramp(4)', steps)
    expect(line).toEqual([0, 0, 0.25, 0.5, 0.75, 1, 1, 1])
    expect(ramp).toEqual([0, 0, 0.25, 0.5, 0.75, 1, 1, 1])
  })

  it('gives a beat each 60/bpm seconds', async () => {
    const [beats] = await renderAll(['ba.beat(120)'], { frames: 44_100, sampleRate: 44_100 })
    expect(list(beats).flatMap((x, n) => (x === 1 ? [n] : []))).toEqual([0, 22_050])
  })
})

describe('lists and selection', () => {
  it('takes lists apart', async () => {
    const codes = ['ba.count((5, 6, 7))', 'ba.take(2, (5, 6, 7))', 'ba.pick((5, 6, 7), 2)']
    const values = await renderAll([...codes, 'ba.subseq((5, 6, 7, 8), 1, 2)'], { frames: 1 })
    expect(values.map(channel => channel[0])).toEqual([3, 6, 7, 6, 7])
  })

  it('selects', async () => {
    const choice = [0, 1, 2, 3, 4]
    const [selected] = await run('\\(i).(10, 11, 12, 13, 14 : ba.selectn(5, int(i)))', choice)
    expect(selected).toEqual([10, 11, 12, 13, 14])
    const sent = await run('\\(i).(7 : ba.selectoutn(3, i))', choice)
    expect(sent).toEqual([
      [7, 0, 0, 0, 0],
      [0, 7, 0, 0, 0],
      [0, 0, 7, 0, 0],
    ])
    const [chosen, first] = await run('_ <: ba.if(_, 5, 6), \\(x).(ba.ifNc((x > 2, 1, x > 0, 2, 3)))', choice)
    expect(chosen).toEqual([6, 5, 5, 5, 5])
    expect(first).toEqual([3, 2, 2, 1, 1])
  })

  it('reduces parallel signals', async () => {
    const values = await renderAll(
      ['(3, 1, 2 : ba.parallelMax(3))', '(3, 1, 2 : ba.parallelMin(3))', '(3, 1, 2 : ba.parallelMean(3))'],
      { frames: 1 },
    )
    expect(values.map(channel => channel[0])).toEqual([3, 1, 2])
  })

  it('bypasses, and silences what is bypassed', async () => {
    const code = (off: number) => `ba.bypass1(${off}, @(1) : *(2)), ba.bypass1to2(${off}, (_ <: *(2), *(3)))`
    expect(await run(`_ <: ${code(0)}, ${code(1)}`, [1, 2])).toEqual([
      [0, 2],
      [2, 4],
      [3, 6],
      [1, 2],
      [1, 2],
      [1, 2],
    ])
  })
})

describe('sampling', () => {
  it('holds', async () => {
    const signal = [1, 2, 3, 4, 5, 6]
    const trigger = [0, 1, 1, 0, 1, 0]
    expect(await run('\\(x, t).(ba.latch(t, x), ba.sAndH(t, x))', signal, trigger)).toEqual([
      [0, 2, 2, 2, 5, 5],
      [0, 2, 3, 3, 5, 5],
    ])
    const [even] = await run('ba.downSample(ma.SR/2)', signal)
    expect(even).toEqual([1, 1, 3, 3, 5, 5])
  })

  it('keeps peaks and makes triggers', async () => {
    const signal = [0, 1, -3, 2, 1, 0.5, 0.5]
    const [hold, holder, impulses] = await run('_ <: ba.peakhold(1), ba.peakholder(2), ba.impulsify', signal)
    expect(hold).toEqual([0, 1, 1, 2, 2, 2, 2])
    expect(holder).toEqual([0, 1, 3, 3, 3, 0.5, 0.5])
    expect(impulses).toEqual([0, 1, 0, 5, 0, 0, 0])
  })

  it('interpolates between points and in lists', async () => {
    const args = [-1, 0, 0.5, 1, 1.5, 2, 3]
    const points = '(ba.bpf.start(0, 1) : ba.bpf.point(1, 3) : ba.bpf.end(2, 0))'
    const [bpf, inList] = await run(`_ <: ${points}, \\(x).(ba.listInterp((1, 3, 0), x))`, args)
    expect(bpf).toEqual([1, 1, 2, 3, 1.5, 0, 0])
    expect(inList).toEqual([1, 1, 2, 3, 1.5, 0, 0])
  })

  it('tabulates a function', async () => {
    const args = Array.from({ length: 50 }, (_, i) => i * 0.12)
    const table = '\\(x).(ba.tabulate(1, sin, 256, 0, 6.2832, x))'
    const outputs = await run(
      `_ <: ${['val', 'lin', 'cub'].map(how => `${table}.${how}`).join(', ')}`.replace(
        /\\\(x\)\.\(ba\.tabulate\(([^()]*)\)\)\.(\w+)/g,
        '\\(x).(ba.tabulate($1).$2)',
      ),
      args,
    )
    const worst = outputs.map(channel => Math.max(...channel.map((y, i) => Math.abs(y - Math.sin(args[i]!)))))
    expect(worst[0]).toBeLessThan(0.013)
    expect(worst[1]).toBeLessThan(1e-4)
    expect(worst[2]).toBeLessThan(1e-5)
  })

  it('rounds to bits', async () => {
    const [crushed] = await run('ba.bitcrusher(3)', [0, 0.1, 0.5, 0.99, -0.3])
    expect(crushed).toEqual([0, 1 / 7, 4 / 7, 1, -2 / 7])
  })
})

describe('sliding windows', () => {
  const noise = Array.from({ length: 200 }, (_, n) => 2 * hash(1, n) - 1)
  const window = (n: number, size: number) => noise.slice(Math.max(0, n - size + 1), n + 1)
  const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0)
  const cases: readonly [string, (n: number) => number][] = [
    ['ba.slidingSum(13)', n => sum(window(n, 13))],
    ['ba.slidingSump(13, 32)', n => sum(window(n, 13))],
    ['ba.slidingMean(13)', n => sum(window(n, 13)) / 13],
    ['ba.slidingRMS(13)', n => Math.sqrt(sum(window(n, 13).map(x => x * x)) / 13)],
    ['ba.slidingRMSp(13, 20)', n => Math.sqrt(sum(window(n, 13).map(x => x * x)) / 13)],
    ['ba.slidingMax(13, 32) : max(-1)', n => Math.max(...window(n, 13), n < 12 ? 0 : -1)],
    ['ba.slidingMin(21, 21) : min(1)', n => Math.min(...window(n, 21), n < 20 ? 0 : 1)],
  ]

  it.each(cases)('%s', async (code, expected) => {
    const [answers] = await applyEach([code], noise)
    noise.forEach((_, n) => {
      expect(answers![n]!).toBeCloseTo(expected(n), 12)
    })
  })
})

describe('routing', () => {
  it.each([
    ['ro.cross(3)', [1, 2, 3], [3, 2, 1]],
    ['ro.crossnn(2)', [1, 2, 3, 4], [3, 4, 1, 2]],
    ['ro.crossn1(2)', [1, 2, 3], [3, 1, 2]],
    ['ro.cross1n(2)', [1, 2, 3], [2, 3, 1]],
    ['ro.interleave(3, 2)', [1, 2, 3, 4, 5, 6], [1, 4, 2, 5, 3, 6]],
    ['ro.butterfly(4)', [1, 2, 3, 4], [4, 6, -2, -2]],
    ['ro.bubbleSort(4)', [3, 1, 4, 2], [1, 2, 3, 4]],
    ['si.dot(2)', [1, 2, 3, 4], [11]],
    ['si.cmul', [1, 2, 3, 4], [-5, 10]],
  ] as const)('%s', async (code, ins, outs) => {
    const [...values] = await renderAll([`(${ins.join(', ')} : ${code})`], { frames: 1 })
    expect(values.map(channel => channel[0])).toEqual(outs)
  })

  it('mixes by a Hadamard matrix: rows are orthogonal, entries ±1', async () => {
    const identity = (k: number) => Array.from({ length: 8 }, (_, i) => (i === k ? 1 : 0)).join(', ')
    const codes = Array.from({ length: 8 }, (_, k) => `(${identity(k)} : ro.hadamard(8))`)
    const flat = (await renderAll(codes, { frames: 1 })).map(channel => channel[0]!)
    const columns = codes.map((_, k) => flat.slice(8 * k, 8 * k + 8))
    for (const a of columns) {
      expect(a.every(x => Math.abs(x) === 1)).toBe(true)
      for (const b of columns) expect(sumOfProducts(a, b)).toBe(a === b ? 8 : 0)
    }
  })

  const sumOfProducts = (a: number[], b: number[]) => a.reduce((total, x, i) => total + x * b[i]!, 0)
})

describe('smoothing', () => {
  it('reaches 1 − 1/e after its time constant', async () => {
    const seconds = 0.01
    const frames = Math.round(seconds * 44_100)
    const codes = [`1 : si.smooth(ba.tau2pole(${seconds}))`, `1 : si.onePoleSwitching(${seconds}, 1)`]
    for (const channel of await renderAll(codes, { frames: 4410 })) {
      expect(channel[frames - 1]).toBeCloseTo(1 - Math.exp(-1), 3)
      expect(channel.at(-1)).toBeCloseTo(1, 3)
    }
  })

  it('takes the same time at each sample rate', async () => {
    for (const sampleRate of [22_050, 44_100, 96_000]) {
      const [channel] = await renderAll(['1 : si.smoo'], { frames: sampleRate / 10, sampleRate })
      const reached = channel!.findIndex(x => x > 1 - Math.exp(-1)) / sampleRate
      expect(reached).toBeCloseTo(1000 / 44_100, 3)
    }
  })

  it('jumps when a gate opens', async () => {
    const [smoothed] = await run('\\(x).(x : si.polySmooth(x > 0, 0.9, 1))', [0, 1, 1, 1])
    expect(smoothed![1]).toBe(1)
  })
})
