/**
 * Splits the text of a test into a program and the files it reads: `// file: NAME` starts a file.
 */
export interface ProgramText {
  readonly source: string
  readonly files: Readonly<Record<string, string>>
}

export function splitProgram(text: string): ProgramText {
  const [source, ...sections] = text.split(/^\/\/ file: /m)
  const files: Record<string, string> = {}
  for (const section of sections) {
    const end = section.indexOf('\n')
    files[section.slice(0, end).trim()] = section.slice(end + 1)
  }
  return { source: source!, files }
}
