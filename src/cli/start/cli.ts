/** Starts `dspc`. */
import { createLoader } from './program.ts'

/** In a session that lasts, V8 has by its end thrown away the code of what ran once. */
const KEEP_AFTER_MS = 4000

const { load, keep } = createLoader()
load('main.cjs')
process.once('exit', keep)
setTimeout(keep, KEEP_AFTER_MS).unref()
