import { replaceInFile } from '../replace-in-file.ts'
import type { WorkspaceBreakage } from '../workspace-breakage.ts'

/** Handy, to see what runs. */
export const stampedBuild: WorkspaceBreakage = {
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
}
