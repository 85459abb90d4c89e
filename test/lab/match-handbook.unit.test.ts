import { expect, test } from 'vitest'
import { parseHandbookFile } from '../../src/environments/index.ts'
import { findMismatch } from '../../src/lab/index.ts'
import type { LabStatus } from '../../src/lab/lab.ts'
import { FACT_NAMES, labEnvironment } from '../../src/lab/lab-environment.ts'

function judge(yaml: string): string | undefined {
  const result = parseHandbookFile(`url: https://x.example\n${yaml}`)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return findMismatch(result.file)
}

const LAB = 'environments: { lab: { lab: true } }'

test.each([
  ['one that asks for nothing', LAB, undefined],
  [
    'this one’s facts and services',
    `${LAB}\nservices: [worker]\ntarget: { url: { type: string, description: u } }`,
    undefined,
  ],
  ['no lab among its environments', 'environments: { a: {} }', 'no environment of its handbook.yaml says lab: true'],
  ['a service', `${LAB}\nservices: [api, toString]`, 'its pages may use the service toString, which'],
  [
    'two facts',
    `${LAB}\ntarget: { a: { type: string, description: a }, b: { type: boolean, description: b } }`,
    'its pages may use target.a, target.b, which',
  ],
])('%s', (_, yaml, why) => {
  if (why === undefined) expect(judge(yaml)).toBeUndefined()
  else expect(judge(yaml)).toContain(why)
})

test('a lab states the facts that it is said to state', () => {
  const status: LabStatus = {
    state: 'running',
    url: 'u',
    readKeyFile: 'k',
    downstreamUrl: 'd',
    workerUrl: 'w',
    prometheusUrl: 'p',
    alertmanagerUrl: 'a',
    storagePath: 's',
    storage: { kind: 'folder', reason: 'r' },
    faults: [],
    processes: [],
    directory: 'd',
    configPath: 'c',
    databaseUrl: 'd',
    releasesPath: 'r',
    backup: { repository: 'r', copy: 'c', passwordFile: 'p' },
    binPath: 'b',
    logsPath: 'l',
    timeScale: 60,
    services: { api: {}, worker: {}, downstream: {}, database: {} },
  }
  expect(Object.keys(labEnvironment(status).target).sort()).toEqual([...FACT_NAMES].sort())
})
