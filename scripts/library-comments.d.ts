/** One documented function. Sections that a comment lacks are empty. */
export interface LibraryFunction {
  readonly prefix: string
  readonly name: string
  readonly description: string
  readonly usage: string
  readonly where: string
  /** A whole program but for the import of the standard library. */
  readonly test: string
  readonly references: string
}

export function readLibrary(text: string): LibraryFunction[]
export function readHead(text: string): string
