/**
 * The REPL in a terminal: a line editor with history and completion.
 *
 * Comes in: keys. Goes out: lines for the session; the end of the promise is the end of the session. Ctrl-C forgets
 * the line, and ends the session when there is nothing to forget and it is pressed twice; Ctrl-D ends it.
 */

import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { WORDS } from '../../lexer/tokens.ts'
import { compose } from '../session/program.ts'
import { piecesOf } from '../session/versions.ts'
import { wantsColor } from '../terminal.ts'
import type { Compiler } from './compiler.ts'
import { complete } from './complete.ts'
import { openHistory } from './history.ts'
import { indexLibraries, type LibraryIndex } from './library-index.ts'
import type { Repl } from './repl.ts'

const PROMPT = 'dspc> '
const MORE = '  ... '

export interface Console {
  /** Writes above the line that is being typed. */
  write(text: string): void
  /** Runs something that wants all keys itself; a key ends it. */
  untilKey(run: (pressed: () => boolean) => Promise<void>): Promise<void>
  /** Reads lines until the end. */
  run(repl: Repl, compiler: Compiler): Promise<void>
}

export function createConsole(): Console {
  const { stdin, stdout } = process
  let line: Interface | undefined
  let busy = false
  let pressed: (() => void) | undefined

  const write = (text: string) => {
    if (!line || busy) return void stdout.write(text)
    stdout.write(`\r\x1b[J${text}`)
    line.prompt(true)
  }
  const untilKey: Console['untilKey'] = async run => {
    let isPressed = false
    pressed = () => {
      isPressed = true
    }
    try {
      await run(() => isPressed)
    } finally {
      pressed = undefined
      // The key is no part of the next line.
      line?.write(null, { ctrl: true, name: 'u' })
    }
  }
  const run = async (repl: Repl, compiler: Compiler) => {
    const history = openHistory()
    const editor = createInterface({
      input: stdin,
      output: stdout,
      terminal: true,
      history: [...history.lines],
      historySize: 1000,
      removeHistoryDuplicates: true,
      completer: completer(repl, compiler),
    })
    line = editor
    stdin.on('keypress', () => pressed?.())
    const prompt = () => {
      editor.setPrompt(paint(repl.session.pending ? MORE : PROMPT))
      editor.prompt()
    }
    const ended = new Promise<void>(resolve => editor.once('close', resolve))
    let pending = 0
    editor.on('line', text => {
      history.add(text)
      busy = true
      pending++
      void repl.line(text).finally(() => {
        pending--
        busy = pending > 0
        if (repl.ended) editor.close()
        else if (!busy) prompt()
      })
    })
    handleInterrupt(editor, repl, prompt, () => pressed !== undefined)
    prompt()
    await ended
    line = undefined
    if (!repl.ended) stdout.write('\n')
  }
  return { write, untilKey, run }
}

/** The first Ctrl-C forgets what was typed; one with nothing to forget warns, and the next ends. */
function handleInterrupt(editor: Interface, repl: Repl, prompt: () => void, isBusy: () => boolean): void {
  let warned = false
  editor.on('line', () => {
    warned = false
  })
  editor.on('SIGINT', () => {
    if (isBusy()) return
    const typed = editor.line !== '' || repl.session.pending !== undefined
    if (!typed && warned) return editor.close()
    warned = !typed
    process.stdout.write(typed ? '^C\n' : '\n(Ctrl-C once more or :quit ends the session)\n')
    repl.cancel()
    // Empties the line: what was typed must not come back with the prompt.
    editor.write(null, { ctrl: true, name: 'e' })
    editor.write(null, { ctrl: true, name: 'u' })
    prompt()
  })
}

function paint(prompt: string): string {
  return wantsColor(process.stdout) ? `\x1b[1;36m${prompt}\x1b[0m` : prompt
}

/** The index of libraries is made anew when the imports of the program change. */
function completer(repl: Repl, compiler: Compiler) {
  let known: { readonly text: string; readonly index: LibraryIndex } | undefined
  const library = () => {
    const imports = piecesOf(repl.session).filter(
      piece => piece.kind === 'import' || piece.text.includes('library('),
    )
    const source = compose(repl.session.name, imports)
    if (known?.text !== source.text) {
      known = { text: source.text, index: indexLibraries(source.text, compiler.loader(source).load) }
    }
    return known.index
  }
  return (text: string) => complete(text, { session: repl.session, library, files, words: [...WORDS.keys()] })
}

function files(path: string): string[] {
  const folder = path.endsWith('/') ? path : dirname(path)
  const start = path.endsWith('/') ? '' : basename(path)
  try {
    const entries = readdirSync(folder || '.', { withFileTypes: true })
    const named = entries.filter(entry => entry.name.startsWith(start))
    return named.map(entry => {
      const full = path.includes('/') ? join(folder, entry.name) : entry.name
      return entry.isDirectory() ? `${full}/` : full
    })
  } catch {
    return []
  }
}
