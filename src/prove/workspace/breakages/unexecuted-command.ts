import { editedFile } from '../edited-file.ts'

/** It worked on the machine of whoever wrote it. */
export const unexecutedCommand = editedFile({
  name: 'unexecuted-command',
  title: 'A page tells to type what nobody has run',
  summary: 'A guide ends with a command that no test and no drill executes',
  file: 'docs/start-here.md',
  change: text => `${text}\n\`\`\`bash\nbridgectl uploads purge --all\n\`\`\`\n`,
})
