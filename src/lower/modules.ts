/**
 * Files: reads them when they are first needed, and splices imports.
 *
 * Comes in: the main file and an injected loader. Goes out: the list of definitions of a file with its imports
 * in place. A stage of its own because it is the only one that asks the outside for text, and because a file
 * is read and parsed once a compilation however often it is named.
 */
import type { Precision } from '../core/program.ts'
import type { DiagnosticLog } from '../diagnostics.ts'
import type { DeclareStatement, Definition, Statement, Variant } from '../parser/ast.ts'
import { type Deferred, type Outline, outlineSource } from '../parser/outline.ts'
import { parseSource } from '../parser/parse.ts'
import { SourceFile, type Span } from '../source.ts'
import { Outdated } from './evaluation-memory.ts'

/** A file that a program reads. */
export interface LoadedFile {
  /** How diagnostics call it. */
  readonly name: string
  readonly text: string
  /** Of the standard library, which is known to be sound: it is parsed as far as it is used. */
  readonly standard?: boolean
}

/** Finds a file by the name that a program uses. */
export type Load = (file: string) => LoadedFile | undefined

/** Definitions of one file, or of one `environment { }`; only these merge into a `case`. */
export interface DefinitionList {
  readonly definitions: readonly (Definition | Deferred)[]
  /** What `declare NAME key "value"` of the file says, by name of the definition. */
  readonly declared: ReadonlyMap<string, Metadata>
}

/** Entries of the description, keys complete: `filters.lib/lowpass:author`. */
export type Metadata = readonly (readonly [key: string, value: string])[]

/** A `declare`, and the file it stands in. */
export interface Declaration {
  readonly file: string
  readonly main: boolean
  readonly statement: DeclareStatement
}

interface Part {
  readonly statements: readonly (Statement | Deferred)[]
  readonly declared: ReadonlyMap<string, Metadata>
}

/** Libraries that were read before, by name; recompiling a program reads the same text again and again. */
const parsed = new Map<string, Outline>()
const outlined = new Map<string, Outline>()
const MOST_PARSED = 200

function parseFile({ name, text, standard }: LoadedFile, log: DiagnosticLog): Outline {
  const cache = standard ? outlined : parsed
  const known = cache.get(name)
  if (known?.span.file.text === text) return known
  const file = new SourceFile(name, text)
  const program = standard ? outlineSource(file, log) : parseSource(file, log)
  log.stopIfFailed()
  if (cache.size >= MOST_PARSED) cache.clear()
  cache.set(name, program)
  return program
}

/** What of a list of statements holds at a precision: the same lists each time, so that what is made of them is kept. */
interface Active {
  readonly precision: Precision
  readonly definitions: readonly (Definition | Deferred)[]
  readonly imports: readonly (Statement & { readonly kind: 'import' })[]
  /** By the name of the file. */
  readonly declared: Map<string, ReadonlyMap<string, Metadata>>
}

const actives = new WeakMap<readonly (Statement | Deferred)[], Active>()
const NOTHING_DECLARED: ReadonlyMap<string, Metadata> = new Map()

export const STANDARD_LIBRARY = 'stdfaust.lib'

export class Modules {
  readonly declarations: Declaration[] = []
  /** How the program calls its files, which is how descriptions do. */
  private readonly names = new Map<SourceFile, string>()
  private readonly files = new Map<string, Outline>()
  private readonly load: Load
  private readonly precision: Precision
  private readonly log: DiagnosticLog
  private readonly former: ReadonlyMap<string, Outline> | undefined
  private main: Outline | undefined
  private mainUses = 0

  /** `former`: what the version before found; where a file is another now, that is `Outdated`. */
  constructor(load: Load, precision: Precision, log: DiagnosticLog, former?: ReadonlyMap<string, Outline>) {
    this.load = load
    this.precision = precision
    this.log = log
    this.former = former
  }

  /** By the names that the program has for them. */
  get read(): ReadonlyMap<string, Outline> {
    return this.files
  }

  /** Whether the program asks for itself as for a library. */
  get isCircular(): boolean {
    return this.mainUses > 1
  }

  /** The program of a file, read and parsed at its first use. Ends the run when it cannot be. */
  program(name: string, at: Span): Outline {
    const known = this.files.get(name)
    if (known === this.main) this.mainUses++
    if (known) return known
    if (/^https?:\/\//.test(name)) this.log.fail('networkImport', at, { url: name })
    const found = this.load(name)
    if (!found) this.log.fail('importNotFound', at, { file: name })
    const program = parseFile(found, this.log)
    const before = this.former?.get(name)
    if (before && before !== program) throw new Outdated()
    this.files.set(name, program)
    this.names.set(program.span.file, name)
    this.recordDeclarations(program.statements, name, false)
    return program
  }

  /** Whether an import of the standard library is all that is missing for this name. */
  isStandard(name: string): boolean {
    if (this.files.has(STANDARD_LIBRARY)) return false
    const text = this.load(STANDARD_LIBRARY)?.text ?? ''
    return [...text.matchAll(/^\s*(\w+)\s*=/gm)].some(([, defined]) => defined === name)
  }

  /** Registers the main program, so that importing it again finds it. */
  addMain(name: string, program: Outline): void {
    this.files.set(name, program)
    this.main = program
    this.recordDeclarations(program.statements, name, true)
  }

  /** Definitions of a file with imports spliced in, each file once. */
  fileContents(program: Outline, name: string): DefinitionList[] {
    const visited = new Set([name])
    return this.contents({ statements: program.statements, declared: this.declaredIn(program) }, visited)
  }

  /** Definitions of an `environment { }`; what it declares, it declares for its file. */
  environmentContents(statements: readonly Statement[], file: SourceFile): DefinitionList[] {
    const name = this.names.get(file)
    this.recordDeclarations(statements, name ?? file.name, name === undefined)
    return this.contents({ statements, declared: NOTHING_DECLARED }, new Set())
  }

  private contents(first: Part, visited: Set<string>): DefinitionList[] {
    const lists: DefinitionList[] = []
    const pending = [first]
    for (let part = pending.shift(); part; part = pending.shift()) {
      const { definitions, imports } = this.activeOf(part.statements)
      for (const { file, span } of imports) {
        if (visited.has(file)) continue
        visited.add(file)
        const program = this.program(file, span)
        pending.push({ statements: program.statements, declared: this.declaredIn(program) })
      }
      lists.push({ definitions, declared: part.declared })
    }
    return lists
  }

  private activeOf(statements: readonly (Statement | Deferred)[]): Active {
    const { precision } = this
    const known = actives.get(statements)
    if (known?.precision === precision) return known
    const all = statements.filter(s => this.applies(s))
    const definitions = all.filter(s => s.kind === 'definition' || s.kind === 'deferred')
    const imports = all.filter(s => s.kind === 'import')
    const active = { precision, definitions, imports, declared: new Map() }
    actives.set(statements, active)
    return active
  }

  private declaredIn({ statements, span: { file } }: Outline): ReadonlyMap<string, Metadata> {
    const name = this.names.get(file) ?? file.name.replace(/^.*[/\\]/, '')
    const { declared: byName } = this.activeOf(statements)
    const known = byName.get(name)
    if (known) return known
    const declared = new Map<string, Metadata>()
    for (const statement of statements) {
      if (statement.kind !== 'declare' || statement.target === undefined || !this.applies(statement)) continue
      const { target, key, value } = statement
      declared.set(target, [...(declared.get(target) ?? []), [`${name}/${target}:${key}`, value]])
    }
    byName.set(name, declared)
    return declared
  }

  /** Definitions that hold at this precision. */
  active(definitions: readonly Definition[]): readonly Definition[] {
    return definitions.filter(d => this.applies(d))
  }

  private applies(statement: Statement | Deferred): boolean {
    if (statement.kind === 'documentation') return false
    if (statement.kind === 'deferred') return true
    const wanted: Variant = this.precision === 'double' ? 'doubleprecision' : 'singleprecision'
    return statement.variants.length === 0 || statement.variants.includes(wanted)
  }

  /** What was declared, files in the order of reading; environments tell theirs only when they are looked into. */
  inTextOrder(): Declaration[] {
    const rank = new Map([...this.files.keys()].map((file, i) => [file, i]))
    const placeOf = ({ file, statement }: Declaration) => [rank.get(file) ?? 0, statement.span.start] as const
    return [...this.declarations].sort((a, b) => {
      const [[fileA, offsetA], [fileB, offsetB]] = [placeOf(a), placeOf(b)]
      return fileA - fileB || offsetA - offsetB
    })
  }

  private recordDeclarations(
    statements: readonly (Statement | Deferred)[],
    file: string,
    main: boolean,
  ): void {
    for (const statement of statements) {
      if (statement.kind === 'declare' && this.applies(statement))
        this.declarations.push({ file, main, statement })
    }
  }
}
