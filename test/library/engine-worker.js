/**
 * The audio side in a thread of its own: computes blocks, and counts what its engine must not cause.
 *
 * workerData: { backend: URL of the bundled backend, link, blocks }. Posts { blocks, collections, grown,
 * value } at the end, and { at } now and then so that the test can time its uploads.
 */
import { constants, PerformanceObserver, performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'

const { CodeEngineBackend } = await import(workerData.backend)
const backend = new CodeEngineBackend(workerData.link)
backend.setSampleRate(48_000)

const FRAMES = 64
/** Then the thread lets messages in. */
const SLICE = 1000
/** Slices between two edits. */
const EDIT_SLICES = 10
const inputs = [new Float32Array(FRAMES)]
const outputs = [new Float32Array(FRAMES), new Float32Array(FRAMES), new Float32Array(FRAMES)]
const breathe = () => new Promise(resolve => setImmediate(resolve))

/** When each slice began and ended. Between slices messages come in, which costs memory in any thread. */
const begun = new Float64Array(2000)
const ended = new Float64Array(2000)
let slices = 0
const collections = []
const observer = new PerformanceObserver(list => collections.push(...list.getEntries()))
/**
 * What is allocated goes to the young generation, so whatever a block allocates ends in a minor collection. Major ones
 * free modules that were replaced, and can end at any time.
 */
const isOfSlice = ({ startTime, detail }) =>
  detail.kind === constants.NODE_PERFORMANCE_GC_MINOR &&
  begun.findIndex((begin, i) => begin <= startTime && startTime < ended[i]) >= 0

async function run(blocks) {
  for (let done = 0; done < blocks; done += SLICE) {
    begun[slices] = performance.now()
    for (let i = 0; i < SLICE; i++) {
      backend.processUpdates()
      backend.processBlock(inputs, outputs, FRAMES)
    }
    ended[slices++] = performance.now()
    if (done % (EDIT_SLICES * SLICE) === 0) parentPort.postMessage({ at: done, value: outputs[2][0] })
    await breathe()
  }
}

// What the engine of JavaScript itself compiles and collects while it warms up is not counted.
await run(150 * SLICE)
slices = 0
observer.observe({ entryTypes: ['gc'] })
const before = workerData.link.memory.buffer.byteLength
await run(workerData.blocks)
await breathe()
observer.disconnect()
const grown = workerData.link.memory.buffer.byteLength - before
parentPort.postMessage({
  blocks: workerData.blocks,
  collections: collections.filter(isOfSlice).length,
  grown,
  value: outputs[2][0],
})
workerData.link.port.close()
