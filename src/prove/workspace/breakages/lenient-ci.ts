import { replaceInFile } from '../replace-in-file.ts'
import type { WorkspaceBreakage } from '../workspace-breakage.ts'

/** What cannot be run is not missed. */
export const lenientCi: WorkspaceBreakage = {
  name: 'lenient-ci',
  title: 'Suites are left out in silence',
  summary: 'The pipeline does not say CI=true, so that suites whose programs are missing are left out',
  start: folder => replaceInFile(folder, '.ci/run', /^export CI=true$/gm, 'export CI='),
}
