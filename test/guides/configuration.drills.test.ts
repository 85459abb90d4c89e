import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { requires } from '../environment/requires.ts'
import { tell } from '../runner/run-page.ts'
import { provideLab } from './provide-lab.ts'

const PAGE = 'docs/configuration.md'
const LIMIT = 120_000

describe.runIf(requires('the guide of configuration', ['jq', 'curl']))('in a lab', () => {
  const { lab, directory, run } = provideLab()

  const read = () => readFileSync(lab().status().configPath, 'utf8')
  const pidOf = (name: string) =>
    lab()
      .status()
      .processes.find(process => process.name === name)?.pid
  const change = async (section: string, values: object) => {
    const candidate = join(directory(), 'candidate.yaml')
    const configuration = parse(read())
    await writeFile(candidate, stringify({ ...configuration, [section]: { ...configuration[section], ...values } }))
    return runPage(candidate)
  }
  const runPage = async (candidate: string) => {
    const { events, ending } = await run(PAGE, { candidate })
    return { outcome: ending.outcome, told: tell(events).join('\n') }
  }

  test(
    'a change that a reload takes over is in force without a restart, and taken back the same way',
    async () => {
      const before = { file: read(), api: pidOf('api'), worker: pidOf('worker') }
      const { outcome, told } = await change('api', { hsts: true })
      expect(outcome, told).toBe('passed')
      expect(told).toContain('api.hsts: false -> true')
      expect(told).toContain('A reload is enough.')
      const hasHeader = async () =>
        (await fetch(`${lab().status().url}/livez`)).headers.has('strict-transport-security')
      expect(await hasHeader()).toBe(true)
      expect({ ...before, api: pidOf('api'), worker: pidOf('worker') }).toEqual(before)
      const back = await runPage(`${lab().status().configPath}.before`)
      expect(back.outcome, back.told).toBe('passed')
      expect(read()).toBe(before.file)
      expect(await hasHeader()).toBe(false)
    },
    LIMIT,
  )

  test(
    'a change that has to wait is named, and restarts both',
    async () => {
      const before = pidOf('api')
      const { outcome, told } = await change('database', { poolSize: 12 })
      expect(outcome, told).toBe('passed')
      expect(told).toContain('Only a restart takes over database.poolSize.')
      expect(pidOf('api')).not.toBe(before)
    },
    LIMIT,
  )

  test(
    'a wrong one changes nothing',
    async () => {
      const before = read()
      const { outcome, told } = await change('log', { level: 'loud' })
      expect(outcome).toBe('failed')
      expect(told).toMatch(/^validate failed/m)
      expect(told).not.toContain('install')
      expect(read()).toBe(before)
    },
    LIMIT,
  )
})
