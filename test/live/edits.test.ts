/**
 * The edits on which systems for live coding fail, each made while the program runs: what was not touched goes on
 * bit for bit as if nothing had happened, what is new starts from nothing, and nothing lands in the wrong place.
 */
import { describe, expect, it } from 'vitest'
import { countsOf, expectSame, freshRun, namesOf, PRELUDE, swapRun } from './swap-run.ts'

const chirp = (_: number, frame: number) => Math.sin(frame * frame * 1e-5) * 0.5
/** Sounds until the swap, then silence: what is heard after it is memory. */
const burst = (channel: number, frame: number) => (frame < 4096 ? chirp(channel, frame) : 0)

describe('filters', () => {
  it('an identical one after the first: the first goes on, the second starts', async () => {
    const run = await swapRun(
      `${PRELUDE} process = osc(440) <: _, (lp(0.9) <: _, @(1000));`,
      `${PRELUDE} process = osc(440) <: _, (lp(0.9) <: _, (lp(0.9) <: _, @(1000)));`,
    )
    expectSame(run.after[0]!, run.uninterrupted[0]!)
    expectSame(run.after[1]!, run.uninterrupted[1]!)
    const [second] = await freshRun(`${PRELUDE} process = lp(0.9);`, 4096, [run.after[1]!])
    expectSame(run.after[2]!, second!)
    // What is in the delay line is heard to its end.
    expectSame(run.after[3]!, run.uninterrupted[2]!, 1000)
    expect(countsOf(run.migration)).toBe('kept 3 moved 0 resized 0 new 1 dropped 0')
  })

  it('two swapped: each keeps its own', async () => {
    const run = await swapRun(
      `${PRELUDE} process = osc(440) <: _, (lp(0.9) <: _, hp(0.8));`,
      `${PRELUDE} process = osc(440) <: _, (hp(0.8) <: _, lp(0.9));`,
    )
    expectSame(run.after[0]!, run.uninterrupted[0]!)
    expect(countsOf(run.migration)).toBe('kept 4 moved 0 resized 0 new 0 dropped 0')
    const [, low, high] = run.before.map(channel => channel.at(-1)!) as [number, number, number]
    const [x, newHigh, newLow] = run.after.map(channel => channel[0]!) as [number, number, number]
    // y = (1 - a)·x + a·y', and y = x - x' + a·y': the past of both is what it was.
    expect(newHigh).toBeCloseTo(x - low + 0.8 * high, 14)
    expect(newLow).toBeCloseTo((1 - 0.9) * newHigh + 0.9 * low, 14)
  })

  it('two of one kind swapped: coefficients tell which is which', async () => {
    const run = await swapRun(
      `${PRELUDE} process = osc(440) : lp(0.9) <: _, lp(0.5);`,
      `${PRELUDE} process = osc(440) : lp(0.5) <: _, lp(0.9);`,
    )
    const [first, second] = run.before.map(channel => channel.at(-1)!) as [number, number]
    const [newFirst, newSecond] = run.after.map(channel => channel[0]!) as [number, number]
    expect(newSecond).toBeCloseTo((1 - 0.9) * newFirst + 0.9 * first, 14)
    const [x] = (await swapRun(`${PRELUDE} process = osc(440);`, `${PRELUDE} process = osc(440);`)).after
    expect(newFirst).toBeCloseTo(0.5 * x![0]! + 0.5 * second, 14)
  })

  it('one more early in the program leaves those elsewhere alone', async () => {
    const run = await swapRun(
      `${PRELUDE} a = osc(300) : lp(0.9); b = osc(400) : lp(0.9); process = a, b;`,
      `${PRELUDE} z = osc(200) : lp(0.9); a = osc(300) : lp(0.9); b = osc(400) : lp(0.9); process = z, a, b;`,
    )
    expectSame(run.after[1]!, run.uninterrupted[0]!)
    expectSame(run.after[2]!, run.uninterrupted[1]!)
    const [fresh] = await freshRun(`${PRELUDE} process = osc(200) : lp(0.9);`, 4096)
    expectSame(run.after[0]!, fresh!)
  })

  it('a gain before a reverb: the tail rings on', async () => {
    const reverb = 'import("stdfaust.lib"); process ='
    const run = await swapRun(
      `${reverb} re.mono_freeverb(0.8, 0.5, 0.5, 23);`,
      `${reverb} *(0.5) : re.mono_freeverb(0.8, 0.5, 0.5, 23);`,
      { input: burst, frames: 8192 },
    )
    expectSame(run.after[0]!, run.uninterrupted[0]!)
    expect(Math.max(...run.after[0]!.map(Math.abs))).toBeGreaterThan(0.001)
    expect(run.migration.report.fresh).toEqual([])
    expect(run.migration.report.dropped).toEqual([])
  })
})

describe('what is too common to be found by itself', () => {
  const library = 'import("stdfaust.lib");'
  const reverb = 're.zita_rev1_stereo(0, 200, 6000, 3, 2, 48000)'

  it.each([
    ['a gain in front', `process = *(0.5), *(0.5) : ${reverb};`],
    ['named, with a gain in front', `wet = ${reverb}; process = *(0.5), *(0.5) : wet;`],
    ['in two definitions, with a gain in front', `a = b; b = *(0.5), *(0.5) : ${reverb}; process = a;`],
  ])('a whole reverb goes along with its definition: %s', async (_, edited) => {
    const run = await swapRun(`${library} process = ${reverb};`, `${library} ${edited}`, { input: burst })
    expect(run.migration.report.fresh).toEqual([])
    expect(run.migration.report.dropped).toEqual([])
    expectSame(run.after[0]!, run.uninterrupted[0]!)
    expectSame(run.after[1]!, run.uninterrupted[1]!)
    expect(Math.max(...run.after[0]!.map(Math.abs))).toBeGreaterThan(0.001)
  })
})

describe('delays', () => {
  const delay = (max: number) =>
    `${PRELUDE} echo = @(hslider("time", 0, 0, ${max}, 1)); process = osc(440) : lp(0.5) : echo;`

  it.each([
    [600, 4000],
    [600, 1000],
    [4000, 600],
  ])('a maximum of %i samples becomes %i', async (old, edited) => {
    const run = await swapRun(delay(old), delay(edited), { controls: { '/process/time': 500 } })
    expectSame(run.after[0]!, run.uninterrupted[0]!)
    expect(namesOf(run.migration.report.resized)).toEqual(['process/echo'])
    expect(run.text).toContain(`resized 1 (echo: ${(old / 48_000).toPrecision(3)} s → `)
  })

  it.each([
    [5, 20],
    [20, 5],
    [3, 7],
  ])('%i samples, in variables or a line, become %i', async (old, edited) => {
    const source = (n: number) => `${PRELUDE} process = osc(440) <: _, @(${n});`
    const run = await swapRun(source(old), source(edited))
    const all = run.before[0]!.concat(run.after[0]!)
    const known = Math.min(old, edited)
    // As far back as both remember.
    expectSame(run.after[1]!.slice(edited - known), all.slice(4096 - known, 8192 - edited))
  })

  it('wrapped in a helper function', async () => {
    const run = await swapRun(
      `${PRELUDE} process = osc(440) : @(1000);`,
      `${PRELUDE} d(x) = x @ 1000; process = osc(440) : d;`,
    )
    expectSame(run.after[0]!, run.uninterrupted[0]!)
    expect(run.migration.report.fresh).toEqual([])
  })

  it('wrapped in a helper function while what feeds it changes', async () => {
    const run = await swapRun(
      `${PRELUDE} process = osc(440) : @(1000);`,
      `${PRELUDE} d(x) = x @ 1000; process = osc(440) : *(0.5) : d;`,
    )
    expectSame(run.after[0]!, run.uninterrupted[0]!, 1000)
  })

  it('an echo gets a filter into its loop: its line goes on', async () => {
    const run = await swapRun(
      `${PRELUDE} echo = + ~ (@(2000) : *(0.5)); process = echo;`,
      `${PRELUDE} echo = + ~ (@(2000) : lp(0.3) : *(0.5)); process = echo;`,
      { input: burst },
    )
    const [filtered] = await freshRun(`${PRELUDE} process = lp(0.3) : *(0.5);`, 2001, [
      run.before[0]!.slice(4096 - 2001),
    ])
    run.after[0]!.slice(0, 2001).forEach((value, i) => {
      expect(value).toBeCloseTo(filtered![i]!, 12)
    })
    expect(namesOf(run.migration.report.fresh)).toEqual(['process/echo/lp'])
  })
})

describe('oscillators', () => {
  it.each([
    ['before', 'osc(330), osc(440)', 1],
    ['after', 'osc(440), osc(330)', 0],
  ])('one of the same shape %s', async (_, outputs, channel) => {
    const run = await swapRun(`${PRELUDE} process = osc(440);`, `${PRELUDE} process = ${outputs};`)
    expectSame(run.after[channel]!, run.uninterrupted[0]!)
    const [fresh] = await freshRun(`${PRELUDE} process = osc(330);`, 4096)
    expectSame(run.after[1 - channel]!, fresh!)
    expect(countsOf(run.migration)).toBe('kept 1 moved 0 resized 0 new 1 dropped 0')
  })

  it('another number: the phase goes on from where it was', async () => {
    const run = await swapRun(
      `${PRELUDE} a = phasor(440); process = a, phasor(100);`,
      `${PRELUDE} a = phasor(550); process = a, phasor(100);`,
    )
    const phase = run.before[0]!.at(-1)! + 550 / 48_000
    expect(run.after[0]![0]!).toBeCloseTo(phase - Math.floor(phase), 14)
    expectSame(run.after[1]!, run.uninterrupted[1]!)
  })

  it.each([
    [4, 6],
    [4, 3],
    [1, 2],
  ])('%i voices become %i', async (old, edited) => {
    const voices = (n: number) =>
      `${PRELUDE} voice(i) = osc(110 * (i + 1)) : lp(0.9); process = par(i, ${n}, voice(i));`
    const run = await swapRun(voices(old), voices(edited))
    const common = Math.min(old, edited)
    for (let i = 0; i < common; i++) expectSame(run.after[i]!, run.uninterrupted[i]!)
    const fresh = await freshRun(voices(edited), 4096)
    for (let i = common; i < edited; i++) expectSame(run.after[i]!, fresh[i]!)
    expect(run.migration.report.kept).toHaveLength(2 * common)
  })

  it('every voice changes with their number: phases go on in order', async () => {
    const voices = (n: number) => `${PRELUDE} process = par(i, ${n}, phasor(110 * (i + 1) + ${n}));`
    const run = await swapRun(voices(3), voices(4))
    for (let i = 0; i < 3; i++) {
      const phase = run.before[i]!.at(-1)! + (110 * (i + 1) + 4) / 48_000
      expect(run.after[i]![0]!).toBeCloseTo(phase - Math.floor(phase), 12)
    }
    expect(run.after[3]![0]!).toBeCloseTo(444 / 48_000, 12)
  })

  it('an accumulator becomes a one-pole: kinds never mix', async () => {
    const run = await swapRun(
      `${PRELUDE} process = (0.01 : + ~ _), osc(440);`,
      `${PRELUDE} process = (0.01 : + ~ *(0.9)), osc(440);`,
    )
    const [fresh] = await freshRun('process = 0.01 : + ~ *(0.9);', 4096)
    expectSame(run.after[0]!, fresh!)
    expectSame(run.after[1]!, run.uninterrupted[1]!)
    expect(countsOf(run.migration)).toBe('kept 1 moved 0 resized 0 new 1 dropped 1')
  })

  it('a phase becomes a one-pole', async () => {
    const run = await swapRun(
      `${PRELUDE} a = phasor(440); process = a;`,
      `${PRELUDE} a = 0.3 : lp(0.99); process = a;`,
    )
    const [fresh] = await freshRun(`${PRELUDE} process = 0.3 : lp(0.99);`, 4096)
    expectSame(run.after[0]!, fresh!)
  })
})

describe('definitions', () => {
  const [tone, echo] = ['osc(440) : lp(0.9)', '+ ~ (@(2000) : *(0.5))']

  it.each([
    ['renamed', `tail = ${echo}; process = ${tone} : tail;`],
    ['renamed along with its neighbour', `t2 = ${tone}; e2 = ${echo}; process = t2 : e2;`],
    ['moved into a with', `process = ${tone} : echo with { echo = ${echo}; };`],
    ['moved into an environment', `fx = environment { echo = ${echo}; }; process = ${tone} : fx.echo;`],
    ['written out', `process = ${tone} : (${echo});`],
    ['reordered', `process = ${tone} : echo; echo = ${echo};`],
    ['given a parameter', `echo(g) = + ~ (@(2000) : *(g)); process = ${tone} : echo(0.5);`],
    ['commented', `// an echo\necho = ${echo}; /* and */ process = ${tone} : echo;`],
  ])('%s', async (_, edited) => {
    const run = await swapRun(`${PRELUDE} echo = ${echo}; process = ${tone} : echo;`, PRELUDE + edited)
    expectSame(run.after[0]!, run.uninterrupted[0]!)
    expect(run.migration.report.fresh).toEqual([])
    expect(run.migration.report.dropped).toEqual([])
  })

  it('a line is commented out and in again: the rest never notices', async () => {
    const both = `${PRELUDE} echo = ${echo}; process = ${tone} <: _, echo;`
    const out = `${PRELUDE} process = ${tone};`
    const first = await swapRun(both, out)
    expectSame(first.after[0]!, first.uninterrupted[0]!)
    expect(first.text).toBe('kept 2, new 0, dropped 1 (echo)')
    const second = await swapRun(out, both)
    expectSame(second.after[0]!, second.uninterrupted[0]!)
    const [fresh] = await freshRun(`process = ${echo};`, 4096, [second.after[0]!])
    expectSame(second.after[1]!, fresh!)
    expect(second.text).toBe('kept 2, new 1 (echo), dropped 0')
  })

  it('edited inside a library', async () => {
    const library = (gain: string) => `
      tone(f) = f / 48000 : (+ : \\(x).(x - floor(x))) ~ _;
      room = + ~ (@(2000) : *(${gain}));
      soft = *(0.1) : + ~ *(0.9);`
    const source = 'my = library("my.lib"); process = my.tone(440) <: _, my.room, my.soft;'
    const run = await swapRun(source, source, {
      files: { 'my.lib': library('0.5') },
      newFiles: { 'my.lib': `extra = 1; ${library('0.25')}` },
    })
    expectSame(run.after[0]!, run.uninterrupted[0]!)
    expectSame(run.after[2]!, run.uninterrupted[2]!)
    expect(countsOf(run.migration)).toBe('kept 3 moved 0 resized 0 new 0 dropped 0')
    // y = x + g·y[n - 2001]
    const [x, y] = [run.after[0]![0]!, run.before[1]!.at(-2001)!]
    expect(run.after[1]![0]).toBeCloseTo(x + 0.25 * y, 13)
  })

  it('one more recurrence in a letrec: each keeps its own by name', async () => {
    const run = await swapRun(
      "process = x, y letrec { 'x = 0.5 * x + 1; 'y = 0.9 * y + x; };",
      "process = x, y, z letrec { 'z = 0.5 * z + y; 'x = 0.5 * x + 1; 'y = 0.9 * y + x + 0.1 * z; };",
      { at: 8 * 64 },
    )
    const [x, y] = run.before.map(channel => channel.at(-1)!) as [number, number]
    const [newX, newY, newZ] = run.after.map(channel => channel[0]!) as [number, number, number]
    expect([newX, newY, newZ]).toEqual([0.5 * x + 1, 0.9 * y + x, y])
  })
})
