/**
 * Reading text from files: encodings, and reading again what may be another.
 */
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { packageRoot } from '../../src/cli/package.ts'
import { decodeText, readIfChanged } from '../../src/cli/read-text.ts'
import { inFolder } from './support.ts'

describe('texts', () => {
  const decode = (...bytes: number[]) => decodeText('a.dsp', Uint8Array.from(bytes))

  test('UTF-8, with or without a byte order mark', () => {
    expect(decode(0x61, 0xc3, 0xa9)).toEqual({ ok: true, text: 'aé' })
    expect(decode(0xef, 0xbb, 0xbf, 0x61)).toEqual({ ok: true, text: 'a' })
  })

  test('Latin-1, as old libraries have it', () => {
    expect(decode(0x61, 0xe9)).toEqual({ ok: true, text: 'aé' })
  })

  test('other bytes are no text', () => {
    expect(decode(0x61, 0)).toMatchObject({ ok: false })
    expect(decode(0xe9, 0x01)).toMatchObject({ ok: false })
    expect(decode(0xff, 0x80)).toMatchObject({ ok: false })
  })
})

describe('a text is read again when it may be another', () => {
  const textOf = (path: string) => {
    const result = readIfChanged(path)
    return result?.ok ? result.text : undefined
  }
  /** So much later what was written just now is as old as a library. */
  const later = () => {
    const now = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(now + 60_000)
  }
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test('whatever a writer does to its size and time', async () => {
    await inFolder({ 'a.lib': 'a = 0;' }, async folder => {
      const path = join(folder, 'a.lib')
      const old = new Date('2001-01-01')
      later()
      for (let i = 0; i < 6; i++) {
        writeFileSync(path, `a = ${i};`)
        utimesSync(path, old, old)
        expect(textOf(path)).toBe(`a = ${i};`)
        // The clock of the file system has moved.
        await new Promise(resolve => setTimeout(resolve, 30))
      }
      rmSync(path)
      expect(readIfChanged(path)).toBeUndefined()
      mkdirSync(path)
      expect(readIfChanged(path)).toMatchObject({ ok: false, diagnostic: { code: 'DSP0802' } })
    })
  })

  test('twice in the same moment', async () => {
    await inFolder({}, async folder => {
      const path = join(folder, 'a.lib')
      for (let i = 0; i < 200; i++) {
        writeFileSync(path, `a = ${i % 10};`)
        expect(textOf(path)).toBe(`a = ${i % 10};`)
      }
    })
  })

  test('and not while it is the same', () => {
    const path = join(packageRoot(), 'stdlib', 'stdfaust.lib')
    later()
    const first = readIfChanged(path)
    expect(first).toMatchObject({ ok: true })
    expect(readIfChanged(path)).toBe(first)
  })
})
