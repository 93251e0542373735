/**
 * A program of which most definitions are known: somebody edits it.
 *
 * Comes in: a file, and definitions by their text. Goes out: the program with the very objects that are known, and all its
 * definitions by their text. Apart from the parser because it is no second one: the file is cut at the `;` between
 * statements, and what is not known, or not plain, is parsed as ever.
 */
import type { DiagnosticLog } from '../diagnostics.ts'
import { type SourceFile, span } from '../source.ts'
import type { Definition, Program, Statement } from './ast.ts'
import { outlineStatements, parseAlone } from './outline.ts'
import { parseSource } from './parse.ts'

/** Without those of which the same text is there twice. */
export type KnownDefinitions = ReadonlyMap<string, Definition>

export interface EditedProgram {
  readonly program: Program
  readonly definitions: KnownDefinitions
}

/** Places in definitions that are known are those of the file that they come from. */
export function parseEdited(file: SourceFile, log: DiagnosticLog, known?: KnownDefinitions): EditedProgram {
  return (known && parseRest(file, known)) ?? parseWhole(file, log)
}

function parseWhole(file: SourceFile, log: DiagnosticLog): EditedProgram {
  const program = parseSource(file, log)
  const definitions = new Definitions()
  for (const s of program.statements) {
    if (s.kind === 'definition') definitions.add(file.text.slice(s.span.start, s.span.end), s)
  }
  return { program, definitions: definitions.byText() }
}

/** Undefined when something is not as it should be; nothing is said about it. */
function parseRest(file: SourceFile, known: KnownDefinitions): EditedProgram | undefined {
  const statements: Statement[] = []
  const definitions = new Definitions()
  const outline = outlineStatements(file)
  if (!outline) return undefined
  for (const outlined of outline) {
    if (outlined.kind !== 'deferred') {
      statements.push(outlined)
      continue
    }
    const text = file.text.slice(outlined.span.start, outlined.span.end)
    const definition = known.get(text) ?? parseAlone(outlined)
    if (!definition) return undefined
    statements.push(definition)
    definitions.add(text, definition)
  }
  return {
    program: { span: span(file, 0, file.text.length), statements },
    definitions: definitions.byText(),
  }
}

class Definitions {
  private readonly found = new Map<string, Definition>()
  private readonly several = new Set<string>()

  add(text: string, definition: Definition): void {
    if (this.found.has(text)) this.several.add(text)
    this.found.set(text, definition)
  }

  /** Two of the same text cannot be told apart. */
  byText(): KnownDefinitions {
    for (const text of this.several) this.found.delete(text)
    return this.found
  }
}
