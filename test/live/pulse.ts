/**
 * PulseAudio without a sound card: a server of its own whose only device is a sink that plays nowhere, in real time, and
 * what is heard of it.
 *
 * Comes in: a directory. Goes out: the environment for a player, and what was played.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const RATE = 48_000

export interface PulseServer {
  readonly environment: Readonly<Record<string, string>>
  /** Interleaved stereo, what came out of the sink since the server started, rests included. */
  heard(): Float32Array
  stop(): void
}

const isThere = (command: string) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0

/** Server, control and recorder. */
export const pulseIsInstalled = () => ['pulseaudio', 'pactl', 'parec'].every(isThere)

/** ALSA's way to the server; undefined where its plug-ins are not installed. */
export function alsaPlugin(): string | undefined {
  const name = 'alsa-lib/libasound_module_pcm_pulse.so'
  const folders = [
    '/usr/lib',
    ...readdirSync('/usr/lib').map(folder => join('/usr/lib', folder)),
    '/usr/lib64',
  ]
  return folders.map(folder => join(folder, name)).find(file => existsSync(file))
}

/** Rejects when the server does not start. */
export async function startPulse(folder: string): Promise<PulseServer> {
  const socket = join(folder, 'pulse.sock')
  const environment = pulseEnvironment(folder, socket)
  const env = { ...process.env, ...environment }
  const server = spawn('pulseaudio', serverArguments(socket), { env, stdio: 'ignore' })
  await until(() => spawnSync('pactl', ['info'], { env, stdio: 'ignore' }).status === 0, server)
  const file = join(folder, 'heard.raw')
  const format = ['--format=float32le', `--rate=${RATE}`, '--channels=2', '--raw']
  const recorder = spawn('parec', ['-d', 'dspc.monitor', ...format], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  recorder.stdout!.pipe(createWriteStream(file))
  await until(() => existsSync(file) && statSync(file).size > 0, recorder)
  return {
    environment,
    heard: () => {
      const bytes = readFileSync(file)
      return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~7)))
    },
    stop: () => {
      recorder.kill('SIGKILL')
      server.kill('SIGKILL')
    },
  }
}

function pulseEnvironment(folder: string, socket: string): Record<string, string> {
  const [runtime, home, config] = ['run', 'home', 'alsa.conf'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [runtime, home]) mkdirSync(path, { mode: 0o700 })
  const plugin = alsaPlugin()
  const types = plugin ? `pcm_type.pulse { lib "${plugin}" }\npcm.!default { type pulse }\n` : ''
  writeFileSync(config, types)
  return {
    XDG_RUNTIME_DIR: runtime,
    HOME: home,
    PULSE_SERVER: `unix:${socket}`,
    ALSA_CONFIG_PATH: config,
  }
}

function serverArguments(socket: string): string[] {
  return [
    ...[
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--disallow-exit',
      '--realtime=no',
      '--high-priority=no',
    ],
    ...['-L', `module-null-sink sink_name=dspc rate=${RATE} format=float32le channels=2`],
    ...['-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`],
  ]
}

const PATIENCE_MS = 20_000

async function until(isDone: () => boolean, child: ChildProcess): Promise<void> {
  const started = performance.now()
  while (!isDone()) {
    if (child.exitCode !== null) throw new Error(`PulseAudio ended with ${child.exitCode}`)
    if (performance.now() - started > PATIENCE_MS) throw new Error('PulseAudio does not start')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
