import { replaceInFile } from '../replace-in-file.ts'
import type { WorkspaceBreakage } from '../workspace-breakage.ts'

/** It was the quickest way past a folder that could not be written. */
export const unitsAsRoot: WorkspaceBreakage = {
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
}
