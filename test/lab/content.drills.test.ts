import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copySources } from './copy-sources.ts'

const { root, known, read, edit, changed, usersOf } = copySources()

/** What makes a release with a defect; one that leaks is such a one. */
const RELEASES = /\b(?:defectiveRelease\(|leakingRelease\(|badDeployment\.)/

describe('the content behind proofs', () => {
  it.each([
    ['src/lab/kit/defective-release.ts', "'use strict'", RELEASES],
    ['src/lab/kit/edited-configuration.ts', 'stringify(configuration)', /\beditedConfiguration\(/],
    [
      'src/lab/deployment/releases.ts',
      'VERSION',
      /\b(?:defectiveRelease\(|leakingRelease\(|badDeployment\.|readLink\()/,
    ],
    ['src/lab/kit/abandon-upload.ts', 'video-recording', /\b(?:abandonUpload|fillWithDeliveries)\(/],
    ['src/lab/workspace/workspace-edits.ts', "'true'", /\b(?:editedWorkspaceFile|emptyScript|replaceInFile)\(/],
  ])('changes with %s (%s) of exactly those that execute it', async (path, text, users) => {
    await edit(path, source => source.replace(text, `${text.slice(0, -1)}X${text.slice(-1)}`))
    const now = await read()
    expect(changed(now)).toEqual(await usersOf(users))
    expect(changed(now)).not.toEqual([])
    expect(now).toMatchObject({ workload: known().workload, shipped: known().shipped })
  })

  it('changes with the workload, and with what is shipped: the service, its units, its configuration, the profile', async () => {
    await edit('src/lab/workload/traffic.ts', text => text.replace('const CLIENTS = 3', 'const CLIENTS = 4'))
    const busier = await read()
    expect(busier).toEqual({ ...known(), workload: expect.not.stringMatching(`^${known().workload}$`) })
    let { shipped } = busier
    const paths = ['static/deployment/upload-bridge-api.service', 'static/configuration/base.yaml']
    const edits = [
      () => edit('src/lab/deployment/bridge-config.ts', text => text.replace('concurrency: 4', 'concurrency: 5')),
      () => edit('src/bridge/worker.entry.ts', text => `${text}\nprocess.title = 'worker'\n`),
      ...paths.map(path => () => appendFile(join(root(), path), '\n# A word\n')),
      ...paths.map(path => () => rm(join(root(), path))),
    ]
    for (const change of edits) {
      await change()
      const now = await read()
      expect(now).toEqual({ ...busier, shipped: expect.not.stringMatching(`^${shipped}$`) })
      shipped = now.shipped
    }
  })

  it('changes of exactly the users of a file that was emptied', async () => {
    const users = await usersOf(RELEASES)
    await writeFile(join(root(), 'src/lab/kit/defective-release.ts'), '')
    expect(changed(await read())).toEqual(users)
  })

  it('is no empty text where a file is missing, which is told at its place, and known again when it is back', async () => {
    const path = join(root(), 'src/lab/kit/edited-file.ts')
    const text = await readFile(path, 'utf8')
    await rm(path)
    const now = await read()
    expect(now.problems).toContainEqual({
      file: 'src/lab/kit/edited-configuration.ts',
      line: expect.any(Number),
      column: expect.any(Number),
      message: expect.stringContaining('src/lab/kit/edited-file.ts'),
    })
    for (const { message } of now.problems) expect(message).not.toContain(root())
    expect(now.faults).toMatchObject({
      'quiet-logs': { hash: null },
      'bad-deployment': known().faults['bad-deployment'],
    })
    expect(await read()).toEqual(now)
    await writeFile(path, text)
    expect(await read()).toEqual(known())
  })
})
