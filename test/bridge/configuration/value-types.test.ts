import { describe, expect, it } from 'vitest'
import {
  formatByteSize,
  formatDuration,
  parseByteSize,
  parseDuration,
} from '../../../src/bridge/configuration/value-types.ts'

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['1d', 86_400_000],
    ['0s', 0],
    ['', undefined],
    ['5', undefined],
    ['-5s', undefined],
    ['5 s', undefined],
    ['5w', undefined],
    ['Infinitys', undefined],
  ])('reads %s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds))

  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [1500, '1.5s'],
    [90_000, '1.5m'],
    [86_400_000, '1d'],
  ])('writes %d ms', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text))
})

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['1024', 1024],
    ['4MiB', 4_194_304],
    ['1.5KiB', 1536],
    ['5 GiB', 5_368_709_120],
    ['', undefined],
    ['MiB', undefined],
    ['-1', undefined],
    ['1MB', undefined],
  ])('reads %s', (text, bytes) => expect(parseByteSize(text)).toBe(bytes))

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [5_368_709_120, '5.0 GiB'],
  ])('writes %d bytes', (bytes, text) => expect(formatByteSize(bytes)).toBe(text))
})
