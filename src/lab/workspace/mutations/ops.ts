import type { WorkspaceMutation } from '../../../lab-port/index.ts'
import { emptyScript, replaceInFile } from '../workspace-edits.ts'

/** To get that one release out. */
export const forgivingPipeline = (): WorkspaceMutation => ({
  name: 'forgiving-pipeline',
  title: 'The pipeline is green even when tests fail',
  summary: 'The last line of .ci/run is npm test || true',
  start: folder => replaceInFile(folder, '.ci/run', /^npm test$/gm, 'npm test || true'),
})

/** Nobody misses a script that does not run. */
export const lenientCi = (): WorkspaceMutation => ({
  name: 'lenient-ci',
  title: 'Suites are left out in silence',
  summary: 'The pipeline does not say CI=true, so suites are left out when their programs are missing',
  start: folder => replaceInFile(folder, '.ci/run', /^export CI=true$/gm, 'export CI='),
})

/** Handy, to see what runs. */
export const stampedBuild = (): WorkspaceMutation => ({
  name: 'stamped-build',
  title: 'A build is never the same twice',
  summary: 'scripts/build.mjs writes the time into every bundle',
  start: folder =>
    replaceInFile(
      folder,
      'scripts/build.mjs',
      '  bundle: true,',
      "  bundle: true,\n  footer: { js: '// ' + Date.now() },",
    ),
})

/** Nobody learns what no longer works. */
export const testsOff = () => emptyScript('tests-off', 'No test is run', 'test')

/** It was the quickest way past a folder that could not be written. */
export const unitsAsRoot = (): WorkspaceMutation => ({
  name: 'units-as-root',
  title: 'The API is started as root, unconfined',
  summary: 'upload-bridge-api.service names no user, and nothing that it may not do',
  start: folder =>
    replaceInFile(
      folder,
      'static/deployment/upload-bridge-api.service',
      /^(?:User|Group|Protect|Private|Restrict|Capability|NoNew|System|Lock).*\n/gm,
      '',
    ),
})
