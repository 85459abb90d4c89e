import { describe, expect, it, vi } from 'vitest'
import type { Param } from '../../src/procedure/index.ts'
import { describeMisfit, isTaken, parseParam } from '../../src/procedure/index.ts'
import { PATTERN_TIME } from '../../src/procedure/match-pattern.ts'

const read = (param: Partial<Param>, text: string) =>
  parseParam({ name: 'p', type: 'string', secret: false, ...param }, text)

describe('a host', () => {
  it.each(['db-1', 'db-1.example', '3com.example', '10.0.0.3', '::1', '2001:db8::1'])('%s is one', host => {
    expect(read({ type: 'host' }, host)).toEqual({ value: host })
  })

  it.each([
    ...['', ' ', 'a b', '-x', '-oProxyCommand=x', 'a;rm', '$(id)', 'http://x', 'x:80', '[::1]', 'exa_mple', 'a..b'],
    ...['10.0.0.300', '10.0.3', '1', '0x7f', 'a.0x7f', 'x'.repeat(64), 'db\n', 'ü.example'],
  ])('%j is none', host => {
    expect(read({ type: 'host' }, host)).toEqual({ expected: 'a host name or an IP address' })
  })
})

describe('a secret', () => {
  it('that is too short to be kept out of what is shown is refused', () => {
    expect(read({ secret: true }, 'abc')).toHaveProperty('expected')
    expect(read({ secret: true }, '')).toHaveProperty('expected')
    expect(read({ secret: true }, 'abcd')).toEqual({ value: 'abcd' })
  })
})

describe('a pattern', () => {
  it('is matched by the whole text', () => {
    expect(read({ pattern: 'a|b' }, 'b')).toEqual({ value: 'b' })
    expect(read({ pattern: 'a|b' }, 'ab')).toEqual({ expected: 'text matching a|b' })
  })

  it('that backtracks for ever refuses nothing as wrong: it is said that nobody knows', () => {
    const misfit = read({ pattern: '(a+)+' }, `${'a'.repeat(60)}!`)
    expect(misfit).toEqual({ expected: 'text matching (a+)+', unjudged: expect.stringContaining('in 250 ms') })
    if ('expected' in misfit) expect(describeMisfit(misfit)).toContain('Whether it matches is unknown')
  })

  it('is given its time of the processor, however long others have that meanwhile', () => {
    const slow = '(?:a|a)*b|a*'
    let text = 'a'.repeat(12)
    const measure = () => {
      const begun = performance.now()
      new RegExp(`^(?:${slow})$`, 'u').test(text)
      return performance.now() - begun
    }
    while (measure() < 1.2 * PATTERN_TIME) text += 'a'
    // As on a machine that is busy: the time by the clock passes, and hardly any of it is ours.
    vi.spyOn(process, 'cpuUsage').mockReturnValue({ user: 0, system: 0 })
    expect(read({ pattern: slow }, text)).toEqual({ value: text })
    vi.restoreAllMocks()
  })
})

describe('limits', () => {
  it.each([
    [{ type: 'bytes', max: 10 * 1024 ** 2 }, '10MiB', '11MiB', 'of at most 10MiB'],
    [{ type: 'duration', min: 1000 }, '1s', '999ms', 'of at least 1 s'],
    [{ type: 'integer', min: 1, max: 9 }, '9', '10', 'from 1 to 9'],
    [{ type: 'number', min: 0 }, '0', '-0.1', 'of at least 0'],
  ] as const)('%j', (param, fits, not, limits) => {
    expect(read(param, fits)).toHaveProperty('value')
    expect(read(param, not)).toEqual({ expected: expect.stringContaining(limits) })
  })
})

describe('a name that bash or the runner has', () => {
  it.each([
    ...[
      'lineno',
      'srandom',
      'random',
      'seconds',
      'uid',
      'euid',
      'ppid',
      'bashopts',
      'shellopts',
      'epochseconds',
      'epochrealtime',
    ],
    ...[
      'optind',
      'opterr',
      'histcmd',
      'compWordbreaks',
      'shlvl',
      'bashpid',
      'bashVersion',
      'groups',
      'dirstack',
      'funcname',
    ],
    ...['pipestatus', 'ifs', 'ps4', 'path', 'targetUrl', 'stepA', 'hbFolder', 'tmout', 'globignore', 'timeformat'],
  ])('%s is taken', name => expect(isTaken(name)).toBe(true))

  it.each(['staleAfter', 'line', 'second', 'userId', 'groupName', 'compare', 'bashful'])('%s is free', name => {
    expect(isTaken(name)).toBe(false)
  })
})
