import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { sendFile } from '../lab/uploads.ts'
import { provideLab, readText, readValue, tellRun } from './provide-lab.ts'

const BACK_UP = 'docs/recovery/back-up.md'
const DRILL = 'docs/recovery/restore-drill.md'
const RESTORE = 'docs/recovery/restore.md'
const POINT_BACK = 'docs/recovery/point-back.md'
const LIMIT = 240_000

describe.runIf(requires('the guides of backup and recovery', ['jq', 'restic', 'createdb', 'dropdb']))(
  'in a lab',
  () => {
    const { lab, run, bridgectl } = provideLab()
    let scratch = ''

    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'guides-'))
    })
    afterAll(() => rm(scratch, { recursive: true, force: true }))

    const passed = async (path: string, params: Record<string, string> = {}) => {
      const done = await run(path, params)
      expect(done.ending.outcome, tellRun(done)).toBe('passed')
      return done
    }
    const send = async () => {
      const { id, sha256 } = await sendFile(lab().status().url)
      if (id === undefined) throw new Error('the upload was not taken')
      return { id, sha256 }
    }

    test('a backup is stored, copied and recorded; a second one adds to it', { timeout: LIMIT }, async () => {
      await send()
      const first = await passed(BACK_UP)
      await passed(BACK_UP)
      const { repository, copy, passwordFile } = lab().status().backup
      for (const place of [repository, copy]) {
        const { stdout } = await execa('restic', [
          '--repo',
          place,
          '--password-file',
          passwordFile,
          'snapshots',
          '--json',
        ])
        // Both are of the same hour, of which the last is kept.
        expect(JSON.parse(stdout).length).toBeGreaterThan(0)
      }
      expect(readValue(first, 'store')).toMatchObject({ snapshot: expect.stringMatching(/^[\da-f]{8}/) })
      expect(await bridgectl('backup', 'status')).toMatchObject({ stored: { at: expect.any(String) } })
      expect(await readdir(lab().status().storagePath)).toEqual(['uploads'])
    })

    test('a restore is rehearsed, recorded and discarded', { timeout: LIMIT }, async () => {
      await passed(DRILL, { restoreTo: scratch })
      expect(await bridgectl('backup', 'status')).toMatchObject({ restored: { seconds: expect.any(Number) } })
      expect(await readdir(scratch)).toEqual([])
    })

    test('after a restore the service runs at the new place, with what was backed up, and back again', {
      timeout: LIMIT,
    }, async () => {
      await bridgectl('deliveries', 'pause')
      const kept = await send()
      await passed(BACK_UP)
      const later = await send()
      const before = await readFile(lab().status().configPath, 'utf8')
      const get = async (id: string) => fetch(`${lab().status().url}/uploads/${id}`)

      const restored = await passed(RESTORE, { restoreTo: scratch })
      expect(readText(restored)).toContain(later.id)
      const [place = ''] = await readdir(scratch)
      expect(await readFile(lab().status().configPath, 'utf8')).toContain(place)
      expect(await (await get(kept.id)).json()).toMatchObject({ sha256: kept.sha256 })
      expect((await get(later.id)).status).toBe(404)
      const arrived = async () => JSON.stringify(await (await fetch(`${lab().status().downstreamUrl}/received`)).json())
      await expect.poll(arrived, { timeout: 30_000 }).toContain(kept.sha256)

      await passed(POINT_BACK)
      expect(await readFile(lab().status().configPath, 'utf8')).toBe(before)
      expect(await (await get(later.id)).json()).toMatchObject({ sha256: later.sha256 })
      const again = await run(POINT_BACK)
      expect(again.ending.outcome, tellRun(again)).toBe('failed')
    })
  },
)
