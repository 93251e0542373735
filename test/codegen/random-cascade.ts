/** Random programs with filters in series, as text: chains of all lengths, alone and side by side, with taps. */
import fc from '../support/property.ts'

/** In `i`, the filter's number in its chain; `c` tells chains apart. */
const FILTERS = [
  '+ ~ *(0.3 + 0.05 * i)',
  'fi.pole(0.5 - 0.04 * i)',
  'fi.dcblocker',
  'fi.tf1(0.3 + 0.05 * i, 1, 0.3 + 0.05 * i)',
  'fi.tf2(0.5, 0.1 * c, 0.2, 0.3 - 0.01 * i, 0.1)',
  'fi.peak_eq(hslider("gain %i", 3, -12, 12, 0.1), 300 * (i + 1), 100 + 10 * c)',
  'fi.svf.bell(300 * (i + 1), 1, hslider("bell %i", 2, -12, 12, 0.1))',
  'ma.tanh : fi.pole(0.2 + 0.1 * i)',
  '(+ : ma.tanh) ~ *(0.3)',
  '+ ~ (@(i + 1) : *(0.4))',
  '+ ~ (@(20 + i) : *(0.4))',
  'fi.allpass_comb(32, 9 + i, 0.4)',
  '*(os.osc(10 * (i + 1))) : + ~ *(0.5)',
  'fi.tf1(0.2 * os.osc(3), 1, 0.2 * os.osc(3))',
  "\\(x).(x - 0.2 * x' + 0.1 * x'') : fi.pole(0.3)",
  '+ ~ (_ <: select2(> (0), *(0.5), *(0.25)))',
  '@(7 * i) : + ~ *(0.2)',
  'int : + ~ (& (255)) : *(0.1)',
  "\\(x).(1 - 1' + x) : + ~ *(0.4)",
] as const

const filter = fc.constantFrom(...FILTERS)
const chain = fc
  .tuple(filter, filter, fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 2 }))
  .map(([first, second, length, kind]) => {
    if (kind === 0) return `seq(i, ${length}, (${first}))`
    if (kind === 1) return `seq(i, ${length}, (${first}) : (${second}))`
    return `seq(i, ${length}, (${first})) : seq(i, ${1 + (length % 5)}, (${second}))`
  })

/** Around a chain. */
const SHAPES = [
  (a: string) => a,
  (a: string) => `_ <: _, (${a}) :> *(0.5)`,
  (a: string) => `(${a}) <: _, (${a})`,
  (a: string) => `par(c, 2, ${a})`,
  (a: string) => `par(c, 3, ${a}) :> _`,
  (a: string) => `(+ : ${a}) ~ (@(40) : *(0.1))`,
  (a: string) => `*(hslider("in", 0.5, 0, 1, 0.01)) : ${a} : hbargraph("level", -1, 1)`,
  (a: string) => `_, _ <: (+ : ${a}), (_, *(0.5)) : +, _`,
] as const

export const cascade = fc
  .tuple(chain, fc.constantFrom(...SHAPES))
  .map(([inner, shape]) => `import("stdfaust.lib");\nc = 1;\nprocess = ${shape(inner)};\n`)
