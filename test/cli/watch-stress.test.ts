/**
 * Random edits of the examples, saved while they play, on a processor that something else uses too. Every save is
 * answered, once; nothing crashes, leaks or is lost. A short run; `DSPC_STRESS=1000` is the long one, which also counts
 * underruns.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { childOf, keptWaiting, residentMegabytes } from '../live/process-facts.ts'
import { type EditKind, edit, type Random, randomFrom } from '../live/random-edits.ts'
import { finish, inFolder, start } from './support.ts'

const EDITS = Number(process.env.DSPC_STRESS ?? 40)
const LONG = process.env.DSPC_STRESS !== undefined
/** So many edits until another example takes the place of the one that plays. */
const EDITS_OF_ONE = 12
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))
const KINDS: readonly (EditKind | 'gain' | 'error')[] = [
  'number',
  'number',
  'rename',
  'move',
  'wrap',
  'comment',
  'gain',
  'error',
]

let busy: ChildProcess
beforeAll(() => {
  busy = spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' })
})
afterAll(() => busy?.kill('SIGKILL'))

const examples = readdirSync(EXAMPLES)
  .filter(name => name.endsWith('.dsp'))
  .map(name => readFileSync(EXAMPLES + name, 'utf8'))

/** `process = …;` becomes quieter, in as many channels as it has; or is broken. */
function editProcess(kind: 'gain' | 'error', text: string, random: Random): string {
  if (kind === 'gain')
    return `${text.replace(/^process\b/m, 'louder')}\nprocess = louder :> *(0.${1 + random(9)});\n`
  const at = random(text.length)
  return text.slice(0, at) + ')]};'.charAt(random(4)) + text.slice(at)
}

function nextText(text: string, random: Random): string {
  const kind = KINDS[random(KINDS.length)]!
  if (kind === 'gain') return /\blouder\b/.test(text) ? text : editProcess(kind, text, random)
  if (kind === 'error') return editProcess(kind, text, random)
  return edit(kind, text, random)?.text ?? text
}

const medianOf = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1]!

const hundredsOf = (list: readonly number[]) =>
  Array.from({ length: Math.ceil(list.length / 100) }, (_, i) => list.slice(100 * i, 100 * i + 100))

const ANSWER = /heard from .*\n|plays on(;.*)?\n/

test(`${EDITS} saves`, { timeout: 60_000 + EDITS * 4000 }, async () => {
  await inFolder({ 'a.dsp': examples[0]! }, async cwd => {
    const random = randomFrom(5)
    const child = start(['a.dsp', '--play', '--watch', '--backend', 'null'], { cwd })
    const ran = finish(child)
    let said = ''
    let all = ''
    let ended = false
    child.stderr!.on('data', chunk => {
      said += chunk
      all += chunk
    })
    void ran.then(() => {
      ended = true
    })
    const answer = async (pattern: RegExp) => {
      while (!pattern.test(said)) {
        if (ended) throw new Error(`it ended: ${all.slice(-2000)}`)
        await new Promise(resolve => setTimeout(resolve, 5))
      }
      const text = said
      said = ''
      return text
    }
    await answer(/playing a\.dsp/)
    const host = childOf(child.pid!)
    const began = performance.now()
    const memory: number[] = []
    const counts = { heard: 0, same: 0, wrong: 0 }
    let good = examples[0]!
    for (let n = 1; n <= EDITS; ) {
      const text = n % EDITS_OF_ONE === 0 ? examples[random(examples.length)]! : nextText(good, random)
      if (text === good) {
        n += n % EDITS_OF_ONE === 0 ? 1 : 0
        continue
      }
      n++
      if (host) memory.push(residentMegabytes(host))
      writeFileSync(join(cwd, 'a.dsp'), text)
      const reply = await answer(ANSWER)
      expect(reply.match(new RegExp(ANSWER, 'g')), reply).toHaveLength(1)
      expect(reply).not.toContain('DSP0799')
      if (/plays on\n$/.test(reply)) {
        counts.wrong++
        // Put right again, as people do; what turned out to be unstable later is given up.
        writeFileSync(join(cwd, 'a.dsp'), good)
        const again = await answer(ANSWER)
        if (/fine again/.test(again)) continue
        expect(again).toMatch(/DSP0731/)
        good = examples[random(examples.length)]!
        writeFileSync(join(cwd, 'a.dsp'), good)
        expect(await answer(ANSWER)).toContain('fine again')
      } else {
        good = text
        counts[/heard from/.test(reply) ? 'heard' : 'same']++
      }
    }
    const waited = host === undefined ? 0 : keptWaiting(host) / (performance.now() - began)
    child.kill('SIGINT')
    const { code, stderr } = await ran
    expect(code).toBe(130)
    const some = hundredsOf(memory).map(
      list => `${Math.round(Math.min(...list))}/${Math.round(medianOf(list))}`,
    )
    console.info(
      counts,
      stderr.trim().split('\n').at(-1),
      `megabytes, least and median of each hundred: ${some}`,
      `kept waiting: ${waited}`,
    )
    expect(counts.heard).toBeGreaterThan(EDITS / 5)
    if (!LONG) return
    expect(stderr).toMatch(/no underruns\n$/)
    const least = (from: number, to?: number) => Math.min(...memory.slice(from, to))
    if (memory.length >= 500) expect(least(-200) / least(100, 300)).toBeLessThan(1.1)
    // What a program takes differs from one to the next by more than a tenth; a hundred of them together do not.
    const usual = medianOf(memory.slice(100, 300))
    const hundreds = Array.from({ length: Math.floor(memory.length / 100) - 3 }, (_, i) =>
      medianOf(memory.slice(300 + 100 * i, 400 + 100 * i)),
    )
    for (const hundred of hundreds) expect(Math.abs(hundred / usual - 1)).toBeLessThan(0.1)
  })
})
