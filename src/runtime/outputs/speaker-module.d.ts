/**
 * The package `speaker` as it is: the types that come with it lack options and take static methods for others, and
 * where its native part could not be built the package is absent.
 */
declare module 'speaker' {
  import type { Writable } from 'node:stream'

  export interface SpeakerFormat {
    readonly channels: number
    readonly sampleRate: number
    readonly bitDepth: number
    readonly float: boolean
    readonly signed: boolean
  }
  export interface SpeakerOptions extends SpeakerFormat {
    /** Frames of one native write. */
    readonly samplesPerFrame: number
    readonly device: string | null
  }
  export interface SpeakerStatics {
    new (options: SpeakerOptions): Writable
    readonly module_name: string
    getFormat(format: SpeakerFormat): number | null
    isSupported(format: SpeakerFormat): boolean
  }
  const Speaker: SpeakerStatics
  export default Speaker
}
