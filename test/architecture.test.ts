/**
 * The rules of the architecture that a machine can check: imports point one way, pure layers touch no host,
 * heavy packages load late, files stay short, types are honest.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = join(ROOT, 'src')

/** What each layer may import, besides itself and the shared files. Layers not named here may import all. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  lexer: ['core'],
  parser: ['core', 'lexer'],
  lower: ['core', 'lexer', 'parser'],
  diagram: ['core', 'parser', 'lower'],
  codegen: ['core'],
  blocks: ['core'],
  runtime: ['core'],
  library: ['core', 'blocks', 'codegen', 'runtime', 'compile', 'emit-stage'],
  compile: ['core', 'lexer', 'parser', 'lower', 'codegen'],
  'emit-stage': ['core', 'lexer', 'parser', 'lower', 'codegen', 'compile'],
  'explain-cost': ['codegen', 'compile'],
  'node-loader': ['compile', 'runtime'],
  index: [
    'node-loader',
    'library',
    'blocks',
    'core',
    'lexer',
    'parser',
    'lower',
    'codegen',
    'runtime',
    'compile',
  ],
}
const PURE = ['shared', 'core', 'lexer', 'parser', 'lower', 'diagram', 'codegen', 'blocks', 'compile']
/** Take long to load, or open a device when loaded: only `import()` at the moment of use. */
const LATE = ['binaryen', 'speaker']
const MAX_LINES = 300
/** Tables: one entry after another, to be read by looking up. */
const TABLES = ['src/core/primitives.ts', 'src/diagnostic-codes.ts']

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

function filesBelow(folder: string, endings: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => endings.some(ending => file.endsWith(ending)))
    .map(file => join(folder, file))
    .sort()
}

const textOf = (file: string) => readFileSync(file, 'utf8')
const nameOf = (file: string) => relative(ROOT, file)

/** Static imports and re-exports. */
function importsOf(file: string): Import[] {
  const pattern = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm
  return [...textOf(file).matchAll(pattern)].map(match => ({
    target: match[2]!,
    typeOnly: match[1] !== undefined || /\{\s*type [^,}]*(,\s*type [^,}]*)*,?\s*\}/.test(match[0]),
  }))
}

/** The folder below `src`, the name of a file that is a layer of its own, or `shared`. */
function layerOf(file: string): string {
  const [first, second] = relative(SOURCES, file).split('/')
  if (second !== undefined) return first!
  const name = first!.replace(/\.ts$/, '')
  return name in LAYERS ? name : 'shared'
}

const sources = filesBelow(SOURCES, ['.ts'])

describe('architecture', () => {
  it('has sources to check', () => {
    expect(sources.length).toBeGreaterThan(10)
  })

  it.each(sources.map(nameOf))('%s imports only what stands to its left', name => {
    const file = join(ROOT, name)
    const layer = layerOf(file)
    const allowed = layer === 'shared' ? [] : LAYERS[layer]
    for (const { target } of importsOf(file)) {
      if (!target.startsWith('.')) continue
      const to = layerOf(join(dirname(file), target))
      const isAllowed = to === 'shared' || to === layer || allowed === undefined || allowed.includes(to)
      expect(isAllowed, `${name} imports ${target}`).toBe(true)
    }
  })

  it('keeps the compiler free of the host', () => {
    const host = /from 'node:|import\('node:|\bprocess\.(env|cwd|argv|exit|stdout)|\bDate\.now\b/
    const pure = sources.filter(file => PURE.includes(layerOf(file)))
    expect(pure.filter(file => host.test(textOf(file))).map(nameOf)).toEqual([])
  })

  it('loads heavy packages late', () => {
    for (const file of sources) {
      const early = importsOf(file).filter(({ target, typeOnly }) => LATE.includes(target) && !typeOnly)
      expect(early, nameOf(file)).toEqual([])
    }
  })

  it('plays a prebuilt program without the compiler', () => {
    for (const file of sources.filter(file => layerOf(file) === 'runtime')) {
      const packages = importsOf(file).filter(({ target }) => ['chevrotain', 'binaryen'].includes(target))
      expect(packages, nameOf(file)).toEqual([])
    }
  })

  it('has no circle of imports', () => {
    const edges = new Map(
      sources.map(file => [
        file,
        importsOf(file)
          .filter(({ target, typeOnly }) => target.startsWith('.') && !typeOnly)
          .map(({ target }) => join(dirname(file), target)),
      ]),
    )
    expect(findCircle(edges)?.map(nameOf)).toBeUndefined()
  })

  it('has files that a person can read in one sitting', () => {
    const folders = ['src', 'test', 'bench', 'scripts'].map(folder => join(ROOT, folder))
    const long = folders
      .flatMap(folder => filesBelow(folder, ['.ts', '.js']))
      .filter(file => !TABLES.includes(nameOf(file)))
      .map(file => ({ file: nameOf(file), lines: textOf(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MAX_LINES)
    expect(long).toEqual([])
  })

  it('starts each file by saying what it is', () => {
    const silent = sources.filter(file => !textOf(file).startsWith('/**')).map(nameOf)
    expect(silent).toEqual([])
  })

  it('draws random cases from one series, so that what fails fails again', () => {
    const own = filesBelow(join(ROOT, 'test'), ['.ts']).filter(file =>
      /^import .* from 'fast-check'/m.test(textOf(file)),
    )
    expect(own.map(nameOf)).toEqual(['test/support/property.ts'])
  })

  it('has no type that switches checking off', () => {
    const unchecked = /(:|\bas|<|\|)\s*any\s*[;,)>=[\]|]|@ts-(ignore|expect-error|nocheck)/
    expect(sources.filter(file => unchecked.test(textOf(file))).map(nameOf)).toEqual([])
  })
})

/** Depth-first search; the files of the first circle found. */
function findCircle(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const finished = new Set<string>()
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(file)
    if (start !== -1) return [...path.slice(start), file]
    if (finished.has(file)) return undefined
    for (const next of edges.get(file) ?? []) {
      const circle = visit(next, [...path, file])
      if (circle) return circle
    }
    finished.add(file)
    return undefined
  }
  for (const file of edges.keys()) {
    const circle = visit(file, [])
    if (circle) return circle
  }
  return undefined
}
