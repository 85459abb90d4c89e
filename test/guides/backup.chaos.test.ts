import { chmod, chown, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
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

    const createKey = (id: string) => bridgectl('keys', 'create', id, '--role', 'upload')
    const revoked = async () =>
      z
        .array(z.object({ id: z.string(), revokedAt: z.string().optional() }))
        .parse(await bridgectl('keys', 'list'))
        .flatMap(({ id, revokedAt }) => (revokedAt === undefined ? [] : [id]))
    const received = async () => JSON.stringify(await (await fetch(`${lab().status().downstreamUrl}/received`)).json())

    test('what was decided since the backup survives a restore, and the way back', { timeout: LIMIT }, async () => {
      const { configPath } = lab().status()
      for (const id of ['leaked', 'leaked-later']) await createKey(id)
      await bridgectl('deliveries', 'pause', '--reason', 'a backup is being restored')
      const [malware, kept] = [await send(), await send()]
      await passed(BACK_UP)
      await bridgectl('keys', 'revoke', 'leaked')
      await createKey('made-since')
      await bridgectl('deliveries', 'hold', malware.id, '--reason', 'malware')
      await chown(configPath, process.getuid?.() ?? 0, process.getuid?.() === 0 ? 65_534 : (process.getgid?.() ?? 0))
      await chmod(configPath, 0o640)
      const belongs = async () => {
        const { uid, gid, mode } = await stat(configPath)
        return [uid, gid, mode]
      }
      const owner = await belongs()
      const { state } = z
        .object({ state: z.object({ path: z.string() }) })
        .parse(parse(await readFile(configPath, 'utf8')))
      const account = process.getuid?.() === 0 ? 65_534 : (process.getuid?.() ?? 0)
      await chown(state.path, account, process.getuid?.() === 0 ? 65_534 : (process.getgid?.() ?? 0))

      const restored = await passed(RESTORE, { restoreTo: scratch })
      expect(readText(restored)).toContain('made-since is taken along')
      expect(await revoked()).toEqual(['leaked'])
      expect(await bridgectl('uploads', 'show', malware.id)).toMatchObject({ state: 'held', reason: 'malware' })
      await expect.poll(received, { timeout: 30_000 }).toContain(kept.id)
      expect(await received()).not.toContain(malware.id)
      expect(await belongs()).toEqual(owner)
      const { place } = z.object({ place: z.string() }).parse(readValue(restored, 'restore'))
      for (const name of ['state', 'state/keys.json', 'storage', 'storage/uploads']) {
        expect(`${name} ${(await stat(join(place, name))).uid}`).toBe(`${name} ${account}`)
      }

      await bridgectl('keys', 'revoke', 'leaked-later')
      await passed(POINT_BACK)
      expect(await revoked()).toEqual(['leaked', 'leaked-later'])
      expect(await bridgectl('uploads', 'show', malware.id)).toMatchObject({ state: 'held', reason: 'malware' })
      expect(await belongs()).toEqual(owner)
    })

    test('what somebody paused for another reason stays paused, and the run says so', { timeout: LIMIT }, async () => {
      await passed(BACK_UP)
      await bridgectl('deliveries', 'pause', '--reason', 'downstream asked us to')
      const restored = await run(RESTORE, { restoreTo: scratch })
      expect(restored.ending.outcome, tellRun(restored)).toBe('failed')
      expect(readText(restored)).toContain('downstream asked us to')
      expect(await bridgectl('status')).toMatchObject({ circuit: { paused: true, reason: 'downstream asked us to' } })
      const back = await run(POINT_BACK)
      expect(back.ending.outcome, tellRun(back)).toBe('failed')
      expect(await bridgectl('status')).toMatchObject({ circuit: { paused: true, reason: 'downstream asked us to' } })
      await bridgectl('deliveries', 'resume')
      for (const step of ['open', 'canary']) {
        const done = await run(POINT_BACK, {}, step)
        expect(done.ending.outcome, tellRun(done)).toBe('passed')
      }
    })

    test.each([
      ['deliveries that somebody paused without a word', ['deliveries', 'pause'], ['deliveries', 'resume']],
      [
        'admission that somebody closed for maintenance',
        ['admission', 'close', '--reason', 'maintenance'],
        ['admission', 'open'],
      ],
    ])('a restore does not undo %s, nor does the way back', { timeout: LIMIT }, async (_what, shut, open) => {
      await passed(BACK_UP)
      await bridgectl(...shut)
      for (const path of [RESTORE, POINT_BACK]) {
        const done = await run(path, path === RESTORE ? { restoreTo: scratch } : {})
        expect(done.ending.outcome, tellRun(done)).toBe('failed')
        expect(readText(done)).toContain('nobody said why')
        const status = await bridgectl('status')
        expect(status).toMatchObject(
          shut[0] === 'admission' ? { admission: { open: false } } : { circuit: { paused: true } },
        )
      }
      await bridgectl(...open)
      for (const step of ['open', 'canary']) {
        const done = await run(POINT_BACK, {}, step)
        expect(done.ending.outcome, tellRun(done)).toBe('passed')
      }
    })

    test('a restore ends before anybody is pointed there when the old place cannot be asked, unless told why', {
      timeout: LIMIT,
    }, async () => {
      const { configPath } = lab().status()
      const before = await readFile(configPath, 'utf8')
      const state = z.object({ state: z.object({ path: z.string() }) }).parse(parse(before)).state.path
      await createKey('suspect')
      await bridgectl('deliveries', 'pause', '--reason', 'a backup is being restored')
      const kept = await send()
      await passed(BACK_UP)
      const [keys, trail] = [join(state, 'keys.json'), join(state, 'audit.ndjson')]
      for (const file of [keys, trail]) await rename(file, `${file}.kept`)
      await rename(join(state, 'audit.ndjson.kept'), join(scratch, 'audit.ndjson'))
      await writeFile(keys, 'nonsense')

      const refused = await run(RESTORE, { restoreTo: scratch })
      expect(refused.ending.outcome, tellRun(refused)).toBe('failed')
      expect(readText(refused)).toMatch(/keys .*suspect.*keys\.json/)
      expect(await readFile(configPath, 'utf8')).toBe(before)

      const accepted = { withoutOldKeys: 'damaged', withoutOldHolds: 'no trail', revokeKeys: 'suspect' }
      const restored = await run(RESTORE, { restoreTo: scratch, ...accepted })
      expect(restored.ending.outcome, tellRun(restored)).toBe('failed')
      expect(await readFile(configPath, 'utf8')).not.toBe(before)
      expect(await revoked()).toContain('suspect')
      const { circuit } = z.object({ circuit: z.unknown() }).parse(await bridgectl('status'))
      expect(circuit).toMatchObject({ paused: true, reason: expect.stringContaining('no trail') })
      expect(await received()).not.toContain(kept.id)
      await bridgectl('deliveries', 'resume')
      for (const step of ['open', 'canary']) {
        const done = await run(RESTORE, { restoreTo: scratch, ...accepted }, step)
        expect(done.ending.outcome, tellRun(done)).toBe('passed')
      }
      await expect.poll(received, { timeout: 30_000 }).toContain(kept.id)

      await rename(`${keys}.kept`, keys)
      await passed(POINT_BACK)
      expect(await revoked()).toContain('suspect')
    })
  },
)
