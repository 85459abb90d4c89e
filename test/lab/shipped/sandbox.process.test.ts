import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { sandboxUnit } from '../../../src/lab/shipped/sandbox.ts'
import { makeSyscallFilter } from '../../../src/lab/shipped/syscall-filter.ts'
import { parseUnit } from '../../../src/lab/shipped/unit-file.ts'
import { requires } from '../../environment/requires.ts'

const env = { PATH: process.env.PATH ?? '' }
const text = readFileSync('static/deployment/upload-bridge-api.service', 'utf8')

test('a directive that nothing here carries out is named, also one that nobody heard of', async () => {
  const { missing } = await sandboxUnit(parseUnit('a', `${text}\n[Service]\nProtectEverything=yes\n`), env)
  expect(missing).toContain('ProtectEverything=yes: no tool here does it')
  expect(missing).toContainEqual(expect.stringMatching(/^Restart=always: a service that was killed stays down/))
  expect(missing.join()).not.toMatch(/NoNewPrivileges|ProtectSystem|PrivateTmp|CapabilityBoundingSet/)
})

test.each([
  ['CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SYS_ADMIN', /^CapabilityBoundingSet=$/m],
  ['ProtectSystem=full', /^ProtectSystem=strict$/m],
  ['ProtectProc=ptraceable', /^ProtectProc=invisible$/m],
  ['PrivateTmp=disconnected', /^PrivateTmp=yes$/m],
  ['ProtectHome=read-only', /^ProtectHome=yes$/m],
  ['SystemCallFilter=~@privileged', /^SystemCallFilter=@system-service$/m],
  ['RestrictAddressFamilies=~AF_PACKET', /^RestrictAddressFamilies=AF_INET.*$/m],
])('a value that is not made here is named: %s', async (directive, shipped) => {
  expect(text).toMatch(shipped)
  const { missing } = await sandboxUnit(parseUnit('a', text.replace(shipped, directive)), env)
  expect(missing).toContain(`${directive}: this value is not made here`)
  const { missing: asShipped } = await sandboxUnit(parseUnit('a', text), env)
  expect(asShipped.join()).not.toContain('this value is not made here')
})

test('without the tools for it, the filter of system calls is missing, with the reason', async () => {
  const { missing, before } = await sandboxUnit(parseUnit('a', text), { PATH: '/nowhere' })
  expect(missing).toContainEqual(
    expect.stringMatching(/^SystemCallFilter=@system-service: it needs systemd-analyze and perl/),
  )
  expect(before).not.toContain('perl')
})

test.runIf(requires('the filter of system calls', ['perl', 'systemd-analyze', 'setpriv']))(
  'the filter refuses what the unit does not allow',
  async () => {
    const filter = await makeSyscallFilter(parseUnit('a', text), env)
    if (typeof filter === 'string') throw new Error(filter)
    const [first = '', ...rest] = ['setpriv', '--no-new-privs', ...filter.command]
    const run = (...command: readonly string[]) => execa(first, [...rest, ...command], { reject: false })
    expect((await run('echo', 'as usual')).stdout).toBe('as usual')
    // Anybody may be traced, where it is not filtered.
    const trace = `require 'syscall.ph'; syscall(&SYS_ptrace, 0, 0, 0, 0) == 0 or die "$!\\n"`
    expect((await execa('perl', ['-e', trace], { reject: false })).exitCode).toBe(0)
    expect((await run('perl', '-e', trace)).stderr).toBe('Operation not permitted')
    const open = (family: number) => `use Socket; socket(my $s, ${family}, SOCK_DGRAM, 0) or die "$!\\n"`
    expect((await run('perl', '-e', open(2))).exitCode).toBe(0)
    expect((await run('perl', '-e', open(16))).stderr).toBe('Address family not supported by protocol')
  },
)
