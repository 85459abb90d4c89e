import { replaceInFile } from '../replace-in-file.ts'
import type { WorkspaceBreakage } from '../workspace-breakage.ts'

/** To get that one release out. */
export const forgivingPipeline: WorkspaceBreakage = {
  name: 'forgiving-pipeline',
  title: 'The pipeline is green whatever the tests say',
  summary: 'The last line of .ci/run is npm test || true',
  start: folder => replaceInFile(folder, '.ci/run', /^npm test$/gm, 'npm test || true'),
}
