/**
 * Bundles the command line and the library: `bundleProgram(directory)`, and `warmUp(directory)` for the code that V8 makes
 * of them.
 *
 * `program/` is CommonJS in few files, each loaded when a command needs it; `src/cli/start/` says why. What starts it
 * knows the program by a hash.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const common = {
  cwd: root,
  platform: 'node',
  external: ['binaryen', 'speaker'],
  logLevel: 'warn',
  // The builder API loads at once what the command loads when it is needed.
  checks: { ineffectiveDynamicImport: false },
}

const INPUTS = {
  main: 'src/cli/main.ts',
  'compile-worker': 'src/cli/watch/compile-worker.ts',
  index: 'src/index.ts',
  runtime: 'src/runtime/index.ts',
}
/** What the package exports, by the files of the program that hold it. */
const LIBRARY = { index: 'index.js', runtime: 'runtime/index.js' }

/**
 * What all commands need; then what a draft does, and what makes it fast, each with all that it imports: as one file a
 * compiler is faster, since what goes from file to file is looked up.
 */
const GROUPS = [
  {
    name: 'base',
    test: /src\/(source|suggest|diagnostic[^/]*|code-frame|core\/layout|cli\/(terminal|values|failure|exit-codes))\.ts/,
    priority: 3,
  },
  { name: 'compiler', test: /src\/compile\.ts/, priority: 2 },
  { name: 'optimizer', test: /src\/codegen\/passes\.ts/, priority: 1 },
]

/** Commander would load it for commands that are programs of their own; dspc has none. */
const withoutSubprograms = {
  name: 'without-subprograms',
  resolveId: (source, importer) =>
    source === 'node:child_process' && importer?.includes('/commander/') ? '\0nothing' : null,
  load: id => (id === '\0nothing' ? 'module.exports = {}' : null),
}

export async function bundleProgram(directory) {
  const folder = join(directory, 'program')
  rmSync(folder, { recursive: true, force: true })
  const { output: chunks } = await build({
    ...common,
    input: INPUTS,
    plugins: [withoutSubprograms],
    output: {
      dir: folder,
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'part-[name].cjs',
      codeSplitting: { groups: GROUPS },
      comments: false,
    },
  })
  const define = { BUILD_ID: JSON.stringify(prepareFiles(folder)) }
  for (const name of ['compile-worker', 'library', 'cli']) {
    const input = { [name]: `src/cli/start/${name}.ts` }
    const output = { dir: directory, format: 'cjs', entryFileNames: '[name].cjs' }
    await build({ ...common, input, transform: { define }, output })
  }
  for (const [name, file] of Object.entries(LIBRARY)) {
    const { exports } = chunks.find(({ fileName }) => fileName === `${name}.cjs`)
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    writeFileSync(join(directory, file), facade(`${name}.cjs`, file, exports))
  }
}

/** A module that exports by name what a file of the program does. */
function facade(name, file, exports) {
  const starter = `${file.includes('/') ? '../' : './'}library.cjs`
  const names = exports.join(', ')
  return [
    "import { createRequire } from 'node:module'",
    `const { load } = createRequire(import.meta.url)('${starter}')`,
    `export const { ${names} } = load('${name}')`,
    '',
  ].join('\n')
}

/**
 * Text of one byte a character is read several times as fast. `import()` goes where it works. What is taken from the
 * compiler is looked up once. Gives the hash of all.
 */
function prepareFiles(folder) {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name)
    const ascii = readFileSync(file, 'utf8').replace(/[\x80-\uffff]/g, escapeCharacter)
    const text = bindNames(ascii.replace(/\bimport\((?=["'`](?:binaryen|speaker|node:\w+)["'`]\))/g, IMPORT))
    writeFileSync(file, text)
    hash.update(`${name}\n${text}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

/** Where a file was loaded by Node alone, there is none of that name. */
const IMPORT = '(typeof importModule==="function"?importModule:name=>import(name))('

/** Its exports are getters, which cost in inner loops. It imports nothing that imports it, so that all is there. */
function bindNames(text) {
  const names = new Set([...text.matchAll(/\brequire_compiler\.(\w+)/g)].map(([, name]) => name))
  if (names.size === 0) return text
  const bound = [...names].map(name => `${name}: require_compiler_${name}`).join(', ')
  return text
    .replaceAll(/\brequire_compiler\.(?=\w)/g, 'require_compiler_')
    .replace(/^const require_compiler = .*;$/m, line => `${line} const { ${bound} } = require_compiler;`)
}

const escapeCharacter = unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Together they run most of what a compilation and a first sound need. Each adds what its parts of the program are. */
const RUNS = [
  ['swap', 'examples/vocoder-voice.dsp', 'examples/subtractive-synth.dsp'],
  ['examples/fm-bell.dsp', '-o', 'OUT', '--duration', '0.01s'],
  ['examples/fm-bell.dsp', '--play', '--backend', 'null', '--duration', '0.05s'],
]

/** A run that takes longer leaves nothing. */
const RUN_MS = 60_000

/** Keeps the code beside the program, for the version of Node that builds. Nothing depends on it. */
export function warmUp(directory) {
  const folder = join(directory, 'warm-up')
  mkdirSync(folder, { recursive: true })
  const { NODE_OPTIONS: _, NODE_DISABLE_COMPILE_CACHE: __, ...env } = process.env
  for (const run of RUNS) {
    const args = run.map(word => (word === 'OUT' ? join(folder, 'out.wav') : word))
    spawnSync(process.execPath, [join(directory, 'cli.cjs'), ...args], {
      cwd: root,
      env: { ...env, NODE_COMPILE_CACHE: folder },
      timeout: RUN_MS,
    })
  }
  const made = join(folder, 'dspc')
  const names = existsSync(made) ? readdirSync(made) : []
  for (const name of names) copyFileSync(join(made, name), join(directory, 'program', name))
  rmSync(folder, { recursive: true, force: true })
}
