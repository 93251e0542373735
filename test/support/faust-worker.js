/**
 * The official compiler in a process of its own.
 *
 * Comes in: messages `{ id, name, source, args, files }`. Goes out: the module and its JSON, or the message
 * of the error. A process of its own because a bad program can abort, overflow or hang that compiler, and
 * because it hangs after an error when its stdout is a file; the parent kills it after a time limit.
 * Plain JavaScript, so that Node 20 runs it without a build.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
const packageFolder = dirname(require.resolve('@grame/faustwasm/package.json'))
/** Where a request's files stand in the compiler's own in-memory file system. */
const FILES = '/request'

/** The JavaScript around the compiler. Its package's main entry is not one that Node can import. */
export function loadLibrary() {
  return import(pathToFileURL(join(packageFolder, 'dist/esm/index.js')).href)
}

/** Loads one instance of the compiler. */
export async function loadOfficial() {
  const library = await loadLibrary()
  const module = await library.instantiateFaustModuleFromFile(
    join(packageFolder, 'libfaust-wasm/libfaust-wasm.js'),
  )
  return new library.LibFaust(module)
}

/** Compiles with given files visible to `import`; throws what the compiler throws. */
export function compileOfficial(official, { name, source, args, files }) {
  writeFiles(official.fs(), files)
  const factory = official.createDSPFactory(name, source, `${args} -I ${FILES}`, true)
  const wasm = new Uint8Array(factory.data.size())
  for (let i = 0; i < wasm.length; i++) wasm[i] = factory.data.get(i)
  factory.data.delete()
  official.deleteDSPFactory(factory.cfactory)
  return { wasm, json: factory.json }
}

function writeFiles(fs, files) {
  if (fs.analyzePath(FILES).exists) removeFolder(fs, FILES)
  fs.mkdir(FILES)
  for (const [path, text] of Object.entries(files)) {
    const folders = path.split('/').slice(0, -1)
    let folder = FILES
    for (const part of folders) {
      folder = `${folder}/${part}`
      if (!fs.analyzePath(folder).exists) fs.mkdir(folder)
    }
    fs.writeFile(`${FILES}/${path}`, text)
  }
}

function removeFolder(fs, folder) {
  for (const entry of fs.readdir(folder)) {
    if (entry === '.' || entry === '..') continue
    const path = `${folder}/${entry}`
    if (fs.isDir(fs.stat(path).mode)) removeFolder(fs, path)
    else fs.unlink(path)
  }
  fs.rmdir(folder)
}

let official

async function answer(request) {
  official ??= await loadOfficial()
  try {
    return { id: request.id, ok: true, ...compileOfficial(official, request) }
  } catch (error) {
    const message = official.getErrorAfterException()
    official.cleanupAfterException()
    // Past an overflow or trap the instance's memory cannot be trusted.
    if (!message) official = undefined
    return { id: request.id, ok: false, message: message || String(error) }
  }
}

// Others import the functions above from child processes of their own.
if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('message', async request => {
    process.send(await answer(request))
  })
  process.on('disconnect', () => process.exit(0))
}
