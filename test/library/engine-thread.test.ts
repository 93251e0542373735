/**
 * The engine with its audio side in another thread: a million blocks while programs, buffers and atoms change.
 */
import { mkdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'rolldown'
import { expect, it } from 'vitest'
import { bufDeclare, bufLen, call, opAdd, opMul, stmts } from '../../src/core/build.ts'
import { CodeEngine, type Upload } from '../../src/library/index.ts'

const BLOCKS = 1_000_000

/** The backend as an audio thread would load it: by itself. */
async function bundledBackend(): Promise<string> {
  const directory = fileURLToPath(new URL('../../node_modules/.cache/engine-thread', import.meta.url))
  mkdirSync(directory, { recursive: true })
  const file = `${directory}/backend-${process.pid}.js`
  const input = fileURLToPath(new URL('../../src/library/engine/backend.ts', import.meta.url))
  await build({ input, platform: 'node', logLevel: 'warn', output: { file, format: 'esm' } })
  return pathToFileURL(file).href
}

interface Report {
  readonly blocks: number
  readonly collections: number
  readonly grown: number
  readonly value: number
}

it(`swaps programs during ${BLOCKS} blocks without garbage, growth or loss`, {
  timeout: 240_000,
}, async () => {
  const engine = new CodeEngine({ shared: true, initialBytes: 2 ** 20, maximumBytes: 2 ** 26 })
  const link = engine.getBackendLink()
  const worker = new Worker(new URL('./engine-worker.js', import.meta.url), {
    workerData: { backend: await bundledBackend(), link, blocks: BLOCKS },
    transferList: [link.port as never],
    // So small that one boxed number a block, 16 bytes, would make at least eight collections.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  })
  const uploads: Upload[] = []
  let changes = 0
  const edit = () => {
    changes++
    // Counts samples through all edits; the length of the buffer tells which program ran last.
    const counter = call('accum', 1, [1, 0])
    const length = stmts([bufDeclare(0, 20 + (changes % 10)), bufLen(0)])
    const tone = opMul(0, opAdd(call('phase', 2, [100 + changes, 0]), call('atomr', 0, [0])))
    uploads.push(engine.upload(opAdd(stmts([counter]), opMul(0, opAdd(tone, length)))))
    engine.sendTable(1, new Array(10 + (changes % 20)).fill(changes))
    engine.atomSet(0, changes)
  }
  edit()
  const report = await new Promise<Report>((resolve, reject) => {
    worker.on('message', message => {
      if (message.blocks) resolve(message)
      else edit()
    })
    worker.on('error', reject)
  })
  await worker.terminate()
  engine.queryReturns()
  // What messages between the blocks have left may fill it at any time.
  expect(report.collections).toBeLessThan(4)
  expect(report.grown).toBe(0)
  expect(changes).toBeGreaterThan(80)
  // Edits that were posted when the thread was about to end come too late; the others came in order.
  const late = uploads.findIndex(upload => !upload.applied)
  expect(late < 0 || late > 60).toBe(true)
  expect(late < 0 || uploads.slice(late).every(upload => !upload.applied)).toBe(true)
  expect(uploads.slice(1).every(upload => upload.report.kept.includes('1/value'))).toBe(true)
  // Every frame since the first program came in was counted, through all swaps.
  const frames = 64 * (BLOCKS + 150_000)
  const counted = report.value + 63
  expect(counted).toBeGreaterThan(0.8 * frames)
  expect(counted).toBeLessThanOrEqual(frames)
})
