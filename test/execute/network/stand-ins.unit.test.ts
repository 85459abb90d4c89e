import { expect, test } from 'vitest'
import { assignStandIns, isLoopback, writeHosts } from '../../../src/execute/network/stand-ins.ts'

const at = (host: string, port = 80) => ({ host, port })

test('a name has one loopback address of its own, and an IP address is met at itself', () => {
  const ips = (...hosts: string[]) => assignStandIns(hosts.map(host => at(host))).map(({ ip }) => ip)
  expect(ips('db-1', '10.0.0.5', 'db-2', 'db-1', 'localhost', '::1', '0.0.0.0', '::', 'constructor')).toEqual([
    '127.83.0.1',
    '10.0.0.5',
    '127.83.0.2',
    '127.83.0.1',
    '127.0.0.1',
    '::1',
    '127.0.0.1',
    '::1',
    '127.83.0.3',
  ])
  const many = ips(...Array.from({ length: 600 }, (_, number) => `db-${number}`))
  expect(new Set(many).size).toBe(600)
  expect(many.at(-1)).toBe('127.83.2.88')
})

test('only loopback is there without more ado', () => {
  expect(['127.0.0.1', '127.83.0.1', '::1', '10.0.0.5', 'fd00::2'].map(isLoopback)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})

test('the hosts are those of this machine, but for the names that something stands for', () => {
  const own = '127.0.0.1 localhost vm\n10.0.0.5 DB-1 other # db-2\n10.0.0.6 third\n'
  expect(writeHosts(own, assignStandIns([at('db-1'), at('db-2'), at('vm'), at('10.0.0.9'), at('localhost')]))).toBe(
    '127.83.0.1 db-1 db-1.\n127.83.0.2 db-2 db-2.\n127.83.0.3 vm vm.\n127.0.0.1 localhost\n127.0.0.1 localhost vm\n10.0.0.6 third\n',
  )
})
