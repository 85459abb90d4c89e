import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { demandScanner } from '../../../src/lab/kit/demand-scanner.ts'
import { readScannerConfiguration } from '../../../src/lab/shipped/scanner.ts'

test('the shipped clamd.conf stays, but for its socket', async () => {
  const shipped = await readFile('static/deployment/clamd.conf', 'utf8')
  const { text, substitutions } = await readScannerConfiguration('static/deployment', { scanner: 4711 })
  expect(text).toBe(shipped.replace('LocalSocket /run/clamav/clamd.ctl', 'TCPAddr 127.0.0.1\nTCPSocket 4711'))
  expect(substitutions).toMatchObject([
    { shipped: 'LocalSocket /run/clamav/clamd.ctl', reason: 'labs run side by side' },
  ])
})

test('a clamd.conf with another socket is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clamd-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'clamd.conf'), 'LocalSocket /elsewhere\n')
  await expect(readScannerConfiguration(folder, { scanner: 1 })).rejects.toThrow('does not have “LocalSocket')
})

test('production asks the scanner at the socket that it is shipped with, and admits nothing that it does not look into', async () => {
  const { scan, storage } = parse(await readFile('static/configuration/production.yaml', 'utf8'))
  const clamd = await readFile('static/deployment/clamd.conf', 'utf8')
  const read = (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(clamd)?.[1]
  expect(scan.address).toBe(`unix:${read('LocalSocket')}`)
  expect([read('StreamMaxLength'), read('MaxFileSize')]).toEqual(['2000M', '2000M'])
  expect(storage.maxUploadSize).toBe('2000MiB')
})

test('a lab without a scanner says what to install', () => {
  const none = { scanner: undefined } as Parameters<typeof demandScanner>[0]
  expect(() => demandScanner(none)).toThrow(/no malware scanner.*npm run setup installs it/)
})
