/**
 * Reads recorded numbers (`.ir`): three header lines, then `frame : value value …` a line.
 */
export interface RecordedNumbers {
  readonly inputs: number
  readonly outputs: readonly Float64Array[]
}

export function parseRecording(text: string): RecordedNumbers {
  const lines = text.trim().split('\n')
  const [inputs, outputs, frames] = lines.slice(0, 3).map(line => Number(line.split(':')[1]))
  const channels = Array.from({ length: outputs! }, () => new Float64Array(frames!))
  for (const line of lines.slice(3)) {
    const [frame, values] = line.split(':')
    const numbers = values!.trim().split(/\s+/).filter(Boolean).map(Number)
    numbers.forEach((value, channel) => {
      channels[channel]![Number(frame)] = value
    })
  }
  return { inputs: inputs!, outputs: channels }
}
