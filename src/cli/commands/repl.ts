/**
 * `dspc repl [FILE]`: builds a program line by line while it plays.
 *
 * Comes in: a file to begin with, and flags. Goes out: a session in the terminal, or a script from a pipe: there no
 * prompt is printed, results go to stdout, and the exit code says whether something went wrong.
 */

import { dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatDiagnostics } from '../../diagnostics-print.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { DEFAULT_RATE } from '../options.ts'
import type { ReplFlags } from '../options-live.ts'
import { playerOptions } from '../player-options.ts'
import { readText } from '../read-text.ts'
import { createCompiler } from '../repl/compiler.ts'
import type { Screen, Stage } from '../repl/perform.ts'
import { createRepl, type Repl } from '../repl/repl.ts'
import { createSound } from '../repl/sound.ts'
import { type Console, createConsole } from '../repl/terminal.ts'
import { textOf } from '../session/program.ts'
import { formatOptions } from '../terminal.ts'

export async function replCommand(file: string | undefined, flags: ReplFlags): Promise<ExitCode> {
  const text = file === undefined ? undefined : readText(file)
  if (text && !text.ok) throw new Failure(EXIT.file, [text.diagnostic])
  const isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true
  const terminal = isInteractive ? createConsole() : undefined
  const { repl, compiler, sound, end } = assemble(file, flags, terminal)
  const release = stopOnSignals(end)
  try {
    if (flags.play !== false) await repl.play()
    if (file !== undefined && text?.ok) await repl.load(file, text.text)
    if (terminal) await greet(terminal, () => terminal.run(repl, compiler))
    else await readScript(repl)
  } finally {
    await end()
    release()
  }
  if (isInteractive || !repl.session.failed) return EXIT.ok
  return sound.failed ? EXIT.audio : EXIT.program
}

/** Puts session, compiler, player and screen together. */
function assemble(file: string | undefined, flags: ReplFlags, terminal: Console | undefined) {
  const compiler = createCompiler({
    directory: file === undefined ? process.cwd() : dirname(resolve(file)),
    includes: flags.include ?? [],
    flags: compileOptions(flags),
  })
  const sampleRate = flags.rate ?? DEFAULT_RATE
  const sound = createSound({
    player: playerOptions(flags, sampleRate),
    audition: flags.audition !== false,
    logFile: flags.log,
    tell: response => void repl.tell(response),
  })
  const ended = new AbortController()
  const lookUp = (name: string) => textOf(name, repl.session) ?? compiler.source(name)
  const screen = makeScreen(terminal, lookUp)
  const stage = (session: Stage['session'], quit: () => void): Stage => {
    return { compiler, sound, screen, sampleRate, session, quit, ended: ended.signal, last: undefined }
  }
  const repl: Repl = createRepl({ name: file, stage })
  const end = () => {
    ended.abort()
    return sound.close()
  }
  return { repl, compiler, sound, end }
}

function greet(terminal: Console, run: () => Promise<void>): Promise<void> {
  terminal.write('`:help` lists the commands, Tab completes, Ctrl-D ends.\n')
  return run()
}

async function readScript(repl: Repl): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    await repl.line(line)
    if (repl.ended) return
  }
  await repl.finish()
}

function compileOptions({ single, optimize, fastMath }: ReplFlags) {
  const precision = single ? 'single' : 'double'
  return { precision, ...(optimize ? { optimize } : {}), ...(fastMath ? { fastMath } : {}) } as const
}

const ANIMATION_MS = 100

function makeScreen(terminal: Console | undefined, source: (name: string) => string | undefined): Screen {
  const out = (text: string) => (terminal ? terminal.write(text) : void process.stdout.write(text))
  const talk = (text: string) => (terminal ? terminal.write(text) : void process.stderr.write(text))
  return {
    print: text => out(`${text}\n`),
    note: text => terminal?.write(`${text}\n`),
    diagnose: diagnostics => {
      const stream = terminal ? process.stdout : process.stderr
      talk(formatDiagnostics(diagnostics, formatOptions(stream, source)))
    },
    get columns() {
      return process.stdout.columns || 80
    },
    get rows() {
      return process.stdout.rows || 24
    },
    animate: async frame => {
      if (!terminal) return out(`${(await frame()).join('\n')}\n`)
      await terminal.untilKey(async pressed => {
        for (let lines: readonly string[] = []; !pressed(); await sleep(ANIMATION_MS)) {
          const up = lines.length > 0 ? `\x1b[${lines.length}A\r\x1b[J` : ''
          lines = await frame()
          out(`${up}${lines.join('\n')}\n`)
        }
      })
    },
  }
}

const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const

/** In a terminal Ctrl-C is a key; a signal from outside ends the session with its sound faded out. */
function stopOnSignals(close: () => Promise<void>): () => void {
  const listener = () => {
    void close().finally(() => process.exit(EXIT.interrupted))
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener)
  }
}
