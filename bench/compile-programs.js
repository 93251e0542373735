/**
 * The programs whose compilation is measured: those of the examples and of the speed benchmark that differ most,
 * and larger ones made here; and synthetic ones of any size.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = name => fileURLToPath(new URL(`../${name}/`, import.meta.url))
const read = path => readFileSync(path, 'utf8')

const EXAMPLES = [
  'acid-bass',
  'chorus-strings',
  'compressor',
  'drum-machine',
  'fm-bell',
  'granular-texture',
  'karplus-strong-harp',
  'subtractive-synth',
  'vocoder-voice',
  'wavetable-pad',
]
const PATCHES = ['01_oscillator', '06_freeverb', '07_zita', '10_equaliser', '13_vocoder', '17_fir']

const GENERATED = {
  'voices-200': voices(200),
  'mixer-32x32': `
    strip(i, j) = *(hslider("gain %i %j", 0.5, 0, 1, 0.01) : *(0.01) : + ~ *(0.99));
    process = par(i, 32, _ <: par(j, 32, strip(i, j))) :> par(j, 32, _);`,
  'fir-300': 'process(x) = sum(i, 300, (x @ i) * sin(i * 0.37) / (i + 1));',
  'network-32': `
    N = 32;
    bus = par(i, N, _);
    matrix = bus <: par(i, N, (par(j, N, *(sin(i * 31 + j) / N)) :> _));
    pairs = route(2 * N, 2 * N, par(i, N, ((i + 1, 2 * i + 1), (i + N + 1, 2 * i + 2))));
    process = _ <: (pairs : par(i, N, +) : par(i, N, @(200 + 37 * i)) : matrix) ~ bus :> _;`,
  'fourier-64': `
    stage(1) = _;
    stage(n) = evens : par(i, n / 2, butterfly(6.283185307179586 * i / n)) : back : stage(n / 2), stage(n / 2)
      with {
        h = n / 2;
        butterfly(angle) = _, _ <: +, (- : *(cos(angle)));
        evens = route(n, n, par(i, h, ((i + 1, 2 * i + 1), (i + h + 1, 2 * i + 2))));
        back = route(n, n, par(i, h, ((2 * i + 1, i + 1), (2 * i + 2, i + h + 1))));
      };
    process = _ <: par(i, 64, @(i)) : stage(64) :> _;`,
}

/** `{ name, source, library }`. */
export function comparedPrograms() {
  const library = Object.fromEntries(
    readdirSync(folder('stdlib')).map(name => [name, read(`${folder('stdlib')}${name}`)]),
  )
  const files = [
    ...EXAMPLES.map(name => [name, read(`${folder('examples')}${name}.dsp`)]),
    ...PATCHES.map(name => [name.slice(3), read(`${folder('bench/patches')}${name}.dsp`)]),
  ]
  return [...files, ...Object.entries(GENERATED)].map(([name, source]) => ({ name, source, library }))
}

/** Oscillators into resonators: some thirteen signals a voice, loops among them, no two alike. */
function voices(count) {
  return `
    phase(f) = f / 44100 : (+ : \\(x).(x - floor(x))) ~ _;
    voice(i) = sin(phase(50 + 7.3 * i) * 6.283185307179586) * (1 / (i + 1)) : resonator(0.9 + i / (11 * ${count}));
    resonator(r) = + ~ (_ <: *(1.8 * r), (mem : *(0 - r * r)) :> _);
    process = sum(i, ${count}, voice(i));`
}

const SIGNALS_A_VOICE = 13

/** A program of about so many signals. */
export function syntheticProgram(signals) {
  return voices(Math.max(1, Math.round(signals / SIGNALS_A_VOICE)))
}
