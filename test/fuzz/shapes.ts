/**
 * Programs whose shape makes a compiler explode that does something twice where once is enough.
 *
 * Each grows with a number; all must compile in time and memory nearly proportional to what they say.
 */
const range = (count: number) => Array.from({ length: count }, (_, i) => i)
const list = (count: number, item: (i: number) => string, separator = ', ') =>
  range(count).map(item).join(separator)
const nested = (count: number, open: string, inner: string, close: string) =>
  open.repeat(count) + inner + close.repeat(count)
const decimal = (i: number) => Math.sin(i + 1).toFixed(6)

const butterflies = `
  stage(1) = _;
  stage(n) = together : par(i, h, butterfly(6.283185307179586 * i / n)) : apart : stage(h), stage(h)
    with {
      h = n / 2;
      butterfly(angle) = _, _ <: +, (- : *(cos(angle)));
      together = route(n, n, par(i, h, ((i + 1, 2 * i + 1), (i + h + 1, 2 * i + 2))));
      apart = route(n, n, par(i, h, ((2 * i + 1, i + 1), (2 * i + 2, i + h + 1))));
    };`

const loop = (count: number, matrix: string) => `
  N = ${count};
  bus = par(i, N, _);
  pairs = route(2 * N, 2 * N, par(i, N, ((i + 1, 2 * i + 1), (i + N + 1, 2 * i + 2))));
  matrix = ${matrix};
  process = _ <: (pairs : par(i, N, +) : par(i, N, @(100 + 7 * i)) : matrix) ~ bus :> _;`

const STANDARD = 'import("stdfaust.lib");'

export const SHAPES: Readonly<Record<string, string>> = {
  'shared arguments, 60 deep':
    'f(0, x) = x; f(n, x) = g(f(n - 1, x), f(n - 1, x)) with { g(a, b) = a * 0.5 + b * 0.25; }; process(x) = f(60, x);',
  'a shared argument handed down 3,000 times':
    "f(0, x) = x; f(n, x) = f(n - 1, x * 0.5 + x'); process(x) = f(3000, x);",
  'sums and differences, 300 times': 'process = _ <: seq(i, 300, (_, _ <: +, -)) :> _;',
  'Chebyshev polynomial of degree 64':
    'T(0, x) = 1; T(1, x) = x; T(n, x) = 2 * x * T(n - 1, x) - T(n - 2, x); process(x) = T(64, x);',
  'Chebyshev polynomial of degree 1,000':
    'T(0, x) = 1; T(1, x) = x; T(n, x) = 2 * x * T(n - 1, x) - T(n - 2, x); process(x) = T(1000, x);',
  'interleaving 64 by 64': `${STANDARD} process = par(i, 4096, _) : ro.interleave(64, 64) : par(i, 64, (par(j, 64, _) :> _)) :> _;`,
  'Fourier network of 256 points': `${butterflies} process = _ <: par(i, 256, @(i)) : stage(256) :> _;`,
  'FIR of 7,000 taps as a sum': 'process(x) = sum(i, 7000, (x @ i) * (1.0 / (i + 1)));',
  'FIR of 7,000 taps as a list': `${STANDARD} process = fi.fir((${list(7000, decimal)}));`,
  'FIR of 7,000 taps by patterns': `
    fir((c, cs)) = _ <: *(c), (mem : fir(cs)) :> _;
    fir(c) = *(c);
    process = fir((${list(7000, decimal)}));`,
  'bank of 64 resonators': `${STANDARD} process = _ <: par(i, 64, fi.resonbp(100 * (i + 1), 10, 1)) :> _;`,
  'parallel nested 5,000 deep': `process = ${nested(5000, '(_, ', '_', ')')} :> _;`,
  'parallel nested 5,000 deep to the left': `process = ${nested(5000, '(', '_', ', _)')} :> _;`,
  'sequence nested 5,000 deep': `process = ${nested(5000, '(_ * 0.5 : ', '_', ')')};`,
  'sequence nested 5,000 deep to the left': `process = ${nested(5000, '(', '_', ' : sin)')};`,
  'functions nested 1,000 deep': `process = ${nested(1000, 'pow(', '_', ', 1.01)')};`,
  'choices nested 2,000 deep': `process(x) = ${list(2000, i => `select2(x > ${i}, ${i}, `, '')}x${')'.repeat(2000)};`,
  'environments nested 400 deep': `process = ${nested(400, 'environment { a = ', '_', '; }.a')};`,
  'sequences of two, 40 deep, of nothing': `process = ${nested(40, 'seq(i, 2, ', '_', ')')};`,
  'loops in each other, 9,000 deep': 'f(0) = _; f(n) = + ~ f(n - 1); process = f(9000);',
  'a loop through 3,000 loops': 'process = + ~ seq(i, 3000, + ~ *(i / 3000));',
  'letrec of 1,000': `process = x0 + x7 letrec { ${list(1000, i => `'x${i} = x${(7 * i + 1) % 1000} * 0.5 + x${(i + 1) % 1000} * 0.25 + ${i};`, ' ')} };`,
  'letrec 60 deep': `process = ${list(60, i => `(y${i} letrec { 'y${i} = y${i} * 0.5 + `, '')}_${'; })'.repeat(60)};`,
  'loops 100 deep': 'f(0) = +; f(n) = (f(n - 1) ~ *(0.1)), _ : +; process = f(100);',
  'loops of 2,000 in a row': 'process = seq(i, 2000, + ~ *(0.5));',
  'a loop of 500 signals': `process = (route(500, 500, par(i, 500, (i + 1, ((13 * i) % 500) + 1))) : par(i, 500, *(0.3)) : par(i, 500, +(0.1))) ~ par(i, 500, _) :> _;`,
  'reverb with a Hadamard matrix of 64': `${STANDARD} ${loop(64, 'ro.hadamard(N) : par(i, N, /(8.1))')}`,
  'reverb with a full matrix of 64': loop(64, 'bus <: par(i, N, (par(j, N, *(sin(31 * i + j) / N)) :> _))'),
  'a case of 3,000 rules, asked 3,000 times': `f(n) = case { ${list(3000, i => `(${i}) => ${(3 * i) % 17};`, ' ')} (x) => 0; }(n); process = _ <: par(i, 3000, *(f(i))) :> _;`,
  'a waveform of 100,000': `process = waveform{${list(100_000, decimal)}}, int(_) : rdtable;`,
  'a sum of 10,000 terms': `process(x) = ${list(10_000, i => `x * ${i}.5`, ' + ')};`,
  '5,000 definitions, each of the one before': `a0 = _; ${list(4999, i => `a${i + 1} = a${i} * 0.999 + ${i};`, '\n')} process = a4999;`,
  '1,000 parameters': `f(${list(1000, i => `x${i}`)}) = ${list(1000, i => `x${i}`, ' + ')}; process = f;`,
  '2,000 oscillators':
    'process = sum(i, 2000, sin(((+(i / 44100) ~ _) : (_ <: _ - int(_))) * 6.283185307179586));',
  '4,900 channels through': 'process = par(i, 4900, _);',
  '500 sliders': 'process = sum(i, 500, hslider("s%i", 0.5, 0, 1, 0.01) : (*(0.001) : + ~ *(0.999)));',
}
